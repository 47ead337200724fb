using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Croma.Tests.Docs;

/// <summary>docs/api is made of the public types and their comments: a page a namespace.</summary>
public sealed class ApiReferenceTests
{
    private const string Folder = "docs/api";

    private static readonly string[] s_packages = ["Croma", "Croma.Datasets", "Croma.Extensions.AI", "Croma.Onnx"];

    [Fact]
    public void The_pages_say_what_the_comments_say()
    {
        var index = new StringBuilder("# Reference of the library\n\nMade of the public types and their comments by `ApiReferenceTests`. [library.md](../library.md) says how they go together.\n");
        foreach (var assembly in s_packages.Select(Assembly.Load))
        {
            index.Append(CultureInfo.InvariantCulture, $"\n## Package {assembly.GetName().Name}\n\n| namespace | types |\n| --- | --- |\n");
            var comments = new XmlComments(assembly);
            foreach (var types in assembly.GetExportedTypes().Where(t => !t.IsNested || t.IsNestedPublic).GroupBy(t => t.Namespace!).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                Type[] all = [.. types.OrderBy(t => t.Name, StringComparer.Ordinal)];
                index.Append(CultureInfo.InvariantCulture, $"| [{types.Key}]({types.Key}.md) | {string.Join(", ", all.Select(t => $"`{CSharpNames.Of(t)}`"))} |\n");
                Snapshot.Require($"{Folder}/{types.Key}.md", Page(types.Key, all, comments));
            }
        }
        Snapshot.Require($"{Folder}/README.md", index.ToString());
        var pages = s_packages.Select(Assembly.Load).SelectMany(a => a.GetExportedTypes()).Select(t => $"{t.Namespace}.md").Append("README.md").Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(pages, Directory.GetFiles(Path.Combine(ReadmeTests.Root, Folder)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_public_type_is_explained() =>
        Assert.Empty(s_packages.Select(Assembly.Load).SelectMany(a => a.GetExportedTypes().Where(t => new XmlComments(a).Summary(t).Length == 0)));

    private static string Page(string name, Type[] types, XmlComments comments)
    {
        var page = new StringBuilder($"# {name}\n\n[All namespaces](README.md)\n");
        foreach (var type in types)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {CSharpNames.Of(type)}\n\n`{CSharpNames.Declaration(type)}`\n\n{comments.Summary(type)}\n");
            MemberInfo[] members = [.. Members(type)];
            if (members.Length == 0) continue;
            page.Append("\n| member | |\n| --- | --- |\n");
            foreach (var member in members)
            {
                // a record's own constructor has the record's comment, and its properties say the rest
                var (summary, isType) = (comments.Summary(member), member is ConstructorInfo && comments.Summary(member) == comments.Summary(type));
                var details = isType ? "" : string.Concat(comments.Details(member).Where(d => d.Text.Length > 0).Select(d => $"<br>`{d.Name}`: {d.Text}"));
                page.Append(CultureInfo.InvariantCulture, $"| `{Cell(type.IsEnum ? member.Name : CSharpNames.Of(member))}` | {(isType ? "" : Cell(summary + details))} |\n");
            }
        }
        return page.ToString();
    }

    private static IEnumerable<MemberInfo> Members(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum) return type.GetFields(BindingFlags.Public | BindingFlags.Static);
        var own = type.GetMembers(All).Where(m => m switch
        {
            Type or EventInfo => false,
            // what the compiler writes for records and properties, and what every object has
            MethodInfo method => !method.IsSpecialName && !method.Name.Contains('<') && method.Name is not ("Deconstruct" or "PrintMembers") && !IsOfObject(method),
            FieldInfo field => !field.IsSpecialName,
            _ => m.GetCustomAttribute<CompilerGeneratedAttribute>() == null,
        });
        return own.OrderBy(m => m switch { ConstructorInfo => 0, FieldInfo => 1, PropertyInfo => 2, _ => 3 }).ThenBy(m => m.Name, StringComparer.Ordinal).ThenBy(CSharpNames.Of, StringComparer.Ordinal);
    }

    private static bool IsOfObject(MethodInfo method) => method.Name is "Equals" or "GetHashCode" or "ToString";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
