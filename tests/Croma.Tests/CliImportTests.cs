using System.Text.Json;
using System.Text.RegularExpressions;
using Croma.Data.Formats;
using Croma.Tests.Datasets;

namespace Croma.Tests;

/// <summary>croma import and croma doctor, as a user meets them; and the examples of docs/your-data.md.</summary>
public sealed partial class CliImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Features_become_a_data_set_that_doctor_and_check_find_sound()
    {
        _folder.WriteFeatures("gene", 1);
        _folder.WriteFeatures("spectrum", 2);
        var import = await Run("import", "--source", "gene.npy", "--target", "spectrum.npy", "--out", "mine", "--quiet");
        Assert.Equal((0, ""), (import.Code, import.Error));
        Assert.Contains("concepts: 10 metaTrain, 5 metaValidation, 5 metaTest", import.Out, StringComparison.Ordinal);
        Assert.EndsWith("Next: ./croma doctor mine\n", import.Out, StringComparison.Ordinal);

        var doctor = await Run("doctor", "mine", "--quiet");
        Assert.Equal((0, ""), (doctor.Code, doctor.Error));
        Assert.Contains("0 problems", doctor.Out, StringComparison.Ordinal);
        Assert.EndsWith("Next: ./croma train --data mine --profile small --out runs/mine\n", doctor.Out, StringComparison.Ordinal);
        Assert.Equal("mine is sound: data set.\n", (await Run("data", "check", "mine")).Out);
    }

    [Fact]
    public async Task Doctor_ends_with_1_where_training_would_mislead_and_2_where_there_is_no_data_set()
    {
        _folder.WriteFeatures("gene", 1);
        _folder.WriteFeatures("spectrum", 2);
        var import = (await Run("import", "--source", "gene.npy", "--target", "spectrum.npy", "--out", "mine", "--json", "-", "--quiet")).Json;
        Assert.Equal(("id", "mine"), (import.GetProperty("pairs").GetString(), import.GetProperty("data").GetProperty("folder").GetString()));
        var doctor = await Run("doctor", "mine", "--shots", "25", "--json", "-", "--quiet");
        Assert.Equal((1, ""), (doctor.Code, doctor.Error));
        Assert.False(doctor.Json.GetProperty("fit").GetBoolean());
        var finding = doctor.Json.GetProperty("findings")[0];
        Assert.Equal(("Problem", "samples"), (finding.GetProperty("severity").GetString(), finding.GetProperty("check").GetString()));
        Assert.Equal(JsonValueKind.Array, finding.GetProperty("examples").ValueKind);
        (await Run("doctor", "nowhere")).RequireOneLineOfError();
    }

    [Fact]
    public async Task What_is_wrong_with_the_input_is_one_line()
    {
        Assert.Contains("did you mean 'label'", (await Run("import", "--source", "a", "--target", "b", "--out", "c", "--pairs", "labels")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("there is no such file or folder", (await Run("import", "--source", "a", "--target", "b", "--out", "c", "--quiet")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("--image-size takes a whole number from 8 to 512", (await Run("import", "--source", "a", "--target", "b", "--out", "c", "--image-size", "0")).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_examples_of_the_page_on_your_data_run()
    {
        Assert.SkipUnless(Croma.Datasets.CifarEsc50.CifarEsc50Recipe.Missing(TestContext.Current.CancellationToken).Count == 0, "ffmpeg is not installed");
        var page = await File.ReadAllTextAsync(Path.Combine(ReadmeTests.Root, "docs", "your-data.md"), TestContext.Current.CancellationToken);
        WriteInputs(Fence().Matches(page).Single(m => m.Groups[1].Value == "csv").Groups[2].Value.Split('\n'));
        string[] commands = [.. Fence().Matches(page).Where(m => m.Groups[1].Value == "sh").SelectMany(m => m.Groups[2].Value.TrimEnd('\n').Split('\n'))];
        Assert.True(commands.Length >= 5);
        foreach (var command in commands)
        {
            var result = await Run([.. command.Split(' ')[1..], "--quiet"]);
            Assert.True(result.Code == 0, $"{command}: {result.Error}{result.Out}");
        }
    }

    private Task<CliResult> Run(params IEnumerable<string> arguments) => CliProcess.Run(_folder.Path, arguments);

    /// <summary>The files that the page's commands name, in its layouts.</summary>
    private void WriteInputs(string[] manifest)
    {
        const int Few = 2, Groups = 6;
        for (var c = 0; c < Groups; c++)
            for (var i = 0; i < Few; i++)
            {
                _folder.Write($"words/{ImportFolder.Class(c)}/{i:000}.txt", $"{c} {i}");
                _folder.Write($"photos/{ImportFolder.Class(c)}/{i:000}.png", Bitmap(c, i));
                _folder.Write($"pictures/group{c}/{ImportFolder.Class(c)}/{i}.png", Bitmap(c, i));
                _folder.Write($"sounds/group{c}/heard{c}/{i}.wav", Croma.Datasets.Speech.MuLawWave.Encode([.. Enumerable.Range(0, 2000).Select(n => 0.5f * MathF.Sin(n * (0.1f + 0.1f * c + 0.01f * i)))]));
            }
        // the page's own lines say what the columns hold: one of each modality
        Assert.Equal("modality,label,path,text,pair", manifest[0]);
        Assert.Equal("words,cat,,\"a tabby, asleep\",17", manifest[1]);
        Assert.Equal("photo,cat,photos/cat/001.png,,17", manifest[2]);
        _folder.Write("samples.csv", $"{manifest[0]}\n{string.Concat(from c in Enumerable.Range(0, Groups) from i in Enumerable.Range(0, Few) select $"words,{ImportFolder.Class(c)},,\"{c}, {i}\",{c}-{i}\nphoto,{ImportFolder.Class(c)},photos/{ImportFolder.Class(c)}/{i:000}.png,,{c}-{i}\n")}");
        _folder.WriteFeatures("gene", 1);
        _folder.WriteFeatures("spectrum", 2);
        SafetensorsWriter.Write(_folder["spectrum.safetensors"], [SafetensorsArray.Of<float>("features", ImportFolder.Vectors(2), ImportFolder.Classes * ImportFolder.Samples, ImportFolder.Width)]);
    }

    /// <summary>A picture of 2 x 2 pixels (a bitmap: the decoder goes by the content).</summary>
    private static byte[] Bitmap(int c, int i) =>
        [.. "BM"u8, .. BitConverter.GetBytes(70), 0, 0, 0, 0, .. BitConverter.GetBytes(54), .. BitConverter.GetBytes(40), .. BitConverter.GetBytes(2), .. BitConverter.GetBytes(2), 1, 0, 24, 0, .. new byte[24], (byte)(40 * c), 0, 255, 255, (byte)(99 * i), 0, 0, 0, 0, 9, (byte)(7 * c), 200, 30, 99, 0, 0];

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
