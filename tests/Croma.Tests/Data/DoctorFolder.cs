using Croma.Data;
using Croma.Data.Doctor;

namespace Croma.Tests.Data;

/// <summary>Has the doctor examine data sets.</summary>
internal sealed class DoctorFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _number;

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    public DoctorReport Examine(DoctorData made, DoctorOptions? options = null)
    {
        var folder = _folder[$"set{_number++}"];
        made.Write(folder);
        using var dataset = CrossModalDataset.Open(folder);
        return DatasetDoctor.Examine(dataset, options, cancellation: TestContext.Current.CancellationToken);
    }

    /// <summary>The one finding, of a check that has so many.</summary>
    public static Diagnosis Only(DoctorReport report, string check, int times = 1)
    {
        Assert.All(report.Findings, f => Assert.Equal(check, f.Check));
        Assert.Equal(times, report.Findings.Count);
        return report.Findings[0];
    }
}
