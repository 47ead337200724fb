using Croma.Bom;

if (args is not [var root, var file, var version])
{
    Console.Error.WriteLine("usage: Croma.Bom ROOT FILE VERSION\nWrites a software bill of materials (CycloneDX 1.5, JSON) of all packages in the lock files below ROOT.");
    return 2;
}
try
{
    File.WriteAllText(file, BillOfMaterials.Of(root, version));
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"bill of materials: {e.Message}");
    return 2;
}
