using System.Reflection;
using PublicApiGenerator;

namespace Croma.Tests;

/// <summary>What others' programs are compiled against: tests/snapshots has it, a file a package.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Croma")]
    [InlineData("Croma.Datasets")]
    [InlineData("Croma.Extensions.AI")]
    [InlineData("Croma.Onnx")]
    public void The_public_API_is_the_kept_one(string package)
    {
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = [typeof(System.CodeDom.Compiler.GeneratedCodeAttribute).FullName!] };
        Snapshot.Require($"tests/snapshots/{package}.api.txt", Assembly.Load(package).GeneratePublicApi(options).ReplaceLineEndings("\n") + "\n");
    }
}
