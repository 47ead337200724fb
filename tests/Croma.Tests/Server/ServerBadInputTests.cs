using Croma.Tests.Onnx;

namespace Croma.Tests.Server;

/// <summary>Something that a client should not send.</summary>
/// <param name="Status">What it is answered with.</param>
/// <param name="Words">What the answer's text says, one of several between bars.</param>
/// <param name="Send">Sends it.</param>
internal sealed record BadInput(int Status, string Words, Func<ServerUnderFire, Task<Answer>> Send);

/// <summary>Bad inputs: each gets its status and a text that helps, and the server answers a good request as before. Slow clients, wrong tokens, foreign hosts and rates have classes of their own.</summary>
public sealed class ServerBadInputTests(ServerUnderFire fire) : IClassFixture<ServerUnderFire>
{
    private const string Create = "/api/classifiers";

    private static readonly Dictionary<string, BadInput> s_cases = new(BadSamples.All.Concat(BadRequests.All));

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_input_gets_its_status_and_does_no_harm(string name)
    {
        var (status, words, send) = s_cases[name];
        if (fire.Sounds.Length == 0 && (name.Contains("sound", StringComparison.Ordinal) || name.Contains("picture", StringComparison.Ordinal))) MediaFiles.RequireFFmpeg();
        var detail = (await send(fire)).RequireProblem(status);
        Assert.Contains(words.Split('|'), w => detail.Contains(w, StringComparison.OrdinalIgnoreCase));
        (await fire.Server.Post(fire.Features + "/predict", Sent.Predict())).Require();
        // and no file of it is left
        Assert.Equal(Directory.GetDirectories(Path.Combine(fire.Folder, "state")).Length, (await fire.Server.Get(Create)).Require().GetProperty("classifiers").GetArrayLength());
    }

    [Fact]
    public async Task A_name_that_is_a_path_is_a_name()
    {
        var address = "/api/classifiers/" + (await fire.Server.Form(Create, ("model", "texts", null), ("name", "../../x", null), ("sample.../../etc", "abc"u8.ToArray(), "..\\..\\..\\secret.txt"), ("sample./root", "xyz"u8.ToArray(), "../"))).Require(201).GetProperty("id").GetString();
        var made = (await fire.Server.Get(address)).Require();
        Assert.Equal(["../../etc", "/root"], made.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(["sample 2", "secret.txt"], made.GetProperty("classes").EnumerateArray().SelectMany(c => c.GetProperty("samples").EnumerateArray()).Select(s => s.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetDirectories(Path.Combine(fire.Folder, "state")), folder => Assert.Matches("^[0-9a-f]{16}$", Path.GetFileName(folder)));
        Assert.Equal(204, (await fire.Server.Delete(address)).Status);
    }
}
