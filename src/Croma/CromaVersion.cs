using System.Reflection;

namespace Croma;

/// <summary>The library's version.</summary>
public static class CromaVersion
{
    /// <summary>For example "0.1.0".</summary>
    public static string Text { get; } =
        typeof(CromaVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
