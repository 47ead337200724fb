using Croma.Compute;
using Croma.Fuzz;

namespace Croma.Tests.Safety;

/// <summary>A short run of tests/Croma.Fuzz, what it has found before, and that it finds what a reader does wrong.</summary>
public sealed class FuzzTests : IDisposable
{
    private const ulong Seed = 7;
    private const int Cases = 150;

    private static readonly Lazy<IReadOnlyList<FuzzKind>> s_kinds = new(FuzzKinds.All);

    private readonly Fuzzer _fuzzer = new();

    public static TheoryData<string> Kinds =>
        ["safetensors", "npy", "npz", "labels", "features", "manifest", "configuration", "run", "plan", "checkpoint", "model", "classifier", "index", "dataset", "check"];

    public void Dispose() => _fuzzer.Dispose();

    [Fact]
    public void Every_kind_is_tried() => Assert.Equal(Kinds.Select(k => k.Data), s_kinds.Value.Select(k => k.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_is_done_to_a_file_it_is_read_or_refused(string name)
    {
        var kind = Kind(name);
        Assert.Null(_fuzzer.Unread(kind));
        for (var number = 0; number < Cases; number++)
            if (_fuzzer.Run(kind, Seed, number) is { } failure) Assert.Fail($"{failure}");
        Assert.InRange(_fuzzer.Refused, Cases / 5, Cases);
    }

    [Theory]
    [InlineData("configuration", 6054)] // a key with half a surrogate pair was an InvalidOperationException
    [InlineData("configuration", 7340)]
    [InlineData("configuration", 6772)] // copies of the text took ten times its size
    [InlineData("manifest", 4821)] // so did those of JSON lines
    [InlineData("manifest", 6279)]
    [InlineData("manifest", 9622)]
    [InlineData("manifest", 10116)] // a path of 98,000 characters
    [InlineData("configuration", 31063)] // System.Text.Json quotes all that follows a wrong letter
    [InlineData("configuration", 180934)]
    [InlineData("model", 1218)] // a description without a list that its type requires
    [InlineData("model", 93586)] // nor what its data are
    public void What_was_found_once_is_not_found_again(string kind, long number) => Assert.Null(_fuzzer.Run(Kind(kind), 1, number));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_case_is_always_the_same_files(string name)
    {
        var kind = Kind(name);
        for (var number = 0; number < 20; number++)
        {
            var stream = CounterRandom.Stream("fuzz " + name, number);
            var (one, two) = (kind.Make(new CounterRandom(Seed, stream)), kind.Make(new CounterRandom(Seed, stream)));
            Assert.Equal(one.Files.Select(f => (f.Name, Convert.ToHexString(f.Content))), two.Files.Select(f => (f.Name, Convert.ToHexString(f.Content))));
        }
    }

    [Fact]
    public void The_fuzzer_sees_a_reader_that_throws_what_it_must_not() =>
        Assert.Contains("NotSupportedException", Failure(_ => throw new NotSupportedException()), StringComparison.Ordinal);

    [Fact]
    public void The_fuzzer_sees_a_message_that_names_no_file() =>
        Assert.Contains("names no file", Failure(_ => throw new CromaException("something is wrong")), StringComparison.Ordinal);

    [Fact]
    public void The_fuzzer_sees_a_reader_that_takes_more_memory_than_the_file_justifies() =>
        Assert.Contains("it allocated", Failure(_ => $"{new byte[2 << 20].Length}"[..0] + null), StringComparison.Ordinal);

    private static FuzzKind Kind(string name) => s_kinds.Value.Single(k => k.Name == name);

    private string Failure(Func<string, string?> read) => _fuzzer.Run(new FuzzKind("npy", Kind("npy").Seeds, path => read(path) is { Length: > 0 } found ? found : null), Seed, 1)?.What ?? "";
}
