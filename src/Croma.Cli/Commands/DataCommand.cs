using System.CommandLine;

namespace Croma.Cli.Commands;

/// <summary>croma data.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand(CommonOptions common) : base("data", "Makes, describes and checks data sets.")
    {
        Add(new DataMakeCommand(common));
        Add(new DataInfoCommand(common));
        Add(new DataCheckCommand(common));
    }
}
