namespace Croma.Tests;

/// <summary>Each kind of bad input: one line that says what is wrong and what would be right, exit code 2, no stack trace.</summary>
public sealed class CliErrorTests(CliErrorTests.Trained trained) : IClassFixture<CliErrorTests.Trained>
{
    /// <summary>A folder with one trained model, which the tests do not change.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        internal CliFolder Folder { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Folder.Train("model");
            Directory.CreateDirectory(Folder["truncated"]);
            File.Copy(Folder["model/model.json"], Folder["truncated/model.json"]);
            await File.WriteAllBytesAsync(Folder["truncated/model.safetensors"], (await File.ReadAllBytesAsync(Folder["model/model.safetensors"]))[..^40]);
            await File.WriteAllTextAsync(Folder["misspelt.json"], """{"training": {"iteratoins": 3}}""");
            await File.WriteAllTextAsync(Folder["mistyped.json"], """{"training": {"iterations": "three"}}""");
            await File.WriteAllTextAsync(Folder["sixways.json"], """{"profile": "small", "training": {"ways": 6}}""");
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [Theory]
    [InlineData("trian", "no command 'trian'; did you mean 'train'?")]
    [InlineData("data mkae", "no command 'mkae'; did you mean 'make'?")]
    [InlineData("data", "'croma data' needs one of make, info, check")]
    [InlineData("version --jsn -", "no option '--jsn'; did you mean '--json'?")]
    [InlineData("version please", "does not take 'please'")]
    [InlineData("version --threads 0", "--threads takes a whole number from 1 to")]
    [InlineData("version --seed -1", "--seed takes a whole number from 0 to 18446744073709551615, not '-1'")]
    [InlineData("version --json", "--json")]
    [InlineData("data make udhr-speech --esc50 x", "--esc50 is for the recipe 'cifar-esc50'")]
    [InlineData("data make cifar-esc50 --esc50 x", "give --cifar100 DIR, --cifar10 DIR and --esc50 DIR, or --packed DIR alone")]
    [InlineData("data make cifar-esc50 --packed x --esc50 x", "or --packed DIR alone")]
    [InlineData("data make cifar-esc50 --packed nowhere", "no folder 'nowhere'")]
    [InlineData("data make voices", "give its folder by --from DIR")]
    [InlineData("data make emoji --from x", "--from is for the recipes voices, wilderness, yummly28k, fashion, not for 'emoji'")]
    [InlineData("data make voices --from x --packed y", "--packed is for the recipe 'cifar-esc50'")]
    [InlineData("data make voices --from nowhere --on-error skp", "--on-error cannot be 'skp'; did you mean 'skip'?")]
    [InlineData("predict x --classifier y --on-error skp", "--on-error cannot be 'skp'; did you mean 'skip'?")]
    [InlineData("index x --model y --out z --on-error skp", "--on-error cannot be 'skp'; did you mean 'skip'?")]
    [InlineData("data make voices --from nowhere", "There is no folder 'nowhere'")]
    [InlineData("data make wilderness --from nowhere", "There is no folder 'nowhere'")]
    [InlineData("data make yummly28k --from nowhere", "There is no folder 'nowhere'")]
    [InlineData("data make fashion --from nowhere", "There is no folder 'nowhere'")]
    [InlineData("train --data data", "--out")]
    [InlineData("train --data nowhere --out x", "nowhere: no data set here")]
    [InlineData("train --data data --out x --method cromma", "no method 'cromma'; did you mean 'croma'?")]
    [InlineData("train --data data --out x --profile smal", "no profile 'smal'; did you mean 'small'?")]
    [InlineData("train --data data --out x --profile small --config tiny.json", "--profile and --config were both given")]
    [InlineData("train --data data --out x --config missing.json", "no configuration file 'missing.json'")]
    [InlineData("train --data data --out x --config misspelt.json", "no setting 'training.iteratoins'; did you mean 'iterations'?")]
    [InlineData("train --data data --out x --config mistyped.json", "'training.iterations' is of the wrong type")]
    [InlineData("train --data data --out x --config sixways.json", "6-way tasks need 6 concepts")]
    [InlineData("train --data data --out model --config tiny.json", "'model' holds a trained model already")]
    [InlineData("train --data data --out x --config tiny.json --resume", "'x' holds no checkpoint to resume")]
    [InlineData("train --data data --out /proc/croma --config tiny.json", "/proc/croma")]
    [InlineData("evaluate --model nowhere --data data", "'nowhere' holds no model")]
    [InlineData("evaluate --model truncated --data data --shots 1", "truncated/model.safetensors, byte")]
    [InlineData("evaluate --model model --data sequences", "'model' was trained on 'tiny'")]
    [InlineData("evaluate --model model model --data data", "both 'croma' with seed 1")]
    [InlineData("evaluate --model model --data data --shots 1,x", "--shots takes different whole numbers")]
    [InlineData("evaluate --model model --data data --shots 1,1", "--shots takes different whole numbers")]
    [InlineData("evaluate --model model --data data --shots 0", "--shots takes different whole numbers")]
    [InlineData("evaluate --model model --data data --shots 10", "10 shots and 10 queries need 20 target samples a class")]
    [InlineData("evaluate --model model --data data --shots 1 --queries 0", "--queries takes a whole number")]
    [InlineData("evaluate --model model --data data --shots 1 --ways 6", "6-way tasks need 6 concepts")]
    [InlineData("evaluate --model model --data data --shots 1 --ways 3 --quiet", "3 classes, the model's classifier 5")]
    [InlineData("evaluate --model model --data data --shots 1 --quiet --json /proc/croma.json", "/proc/croma.json: cannot be written")]
    [InlineData("data info nowhere", "nowhere: no data set here")]
    [InlineData("data make udhr-spech", "no recipe 'udhr-spech'; did you mean 'udhr-speech'?")]
    [InlineData("data make udhr-speech --out data", "'data' holds 'tiny' of seed 1 already")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string arguments, string message)
    {
        var result = await trained.Folder.Run(arguments.Split(' '));
        Assert.Contains(message, result.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_output_that_nobody_reads_to_its_end_is_no_error()
    {
        var result = await Shell("dotnet \"$0\" data info data | true; echo ${PIPESTATUS[0]}");
        Assert.Equal(("0\n", ""), (result.Out, result.Error));
    }

    [Fact]
    public async Task A_full_disk_behind_standard_output_is_one_line()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        var result = await Shell("dotnet \"$0\" data info data >/dev/full; echo $?");
        Assert.Equal("2\n", result.Out);
        Assert.Matches("^croma: [^\n]+\n$", result.Error);
    }

    private async Task<(string Out, string Error)> Shell(string script)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", script, Path.Combine(AppContext.BaseDirectory, "croma-cli.dll")])
        {
            WorkingDirectory = trained.Folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), await error);
    }
}
