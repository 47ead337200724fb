namespace Croma.Tests.Slurm;

/// <summary>Programs called sbatch, squeue and scancel that write down what they are told, and do with tasks what a test wants.</summary>
internal sealed class FakeSlurm
{
    // makes the tasks at once, or what the file `behaviour` says; answers with the number of the submission
    private const string Sbatch = """
        #!/usr/bin/env bash
        here=$(dirname -- "$0")
        [[ $1 == --version ]] && exit 0
        number=$(($(cat "$here/count" 2>/dev/null || echo 0) + 1))
        echo "$number" >"$here/count"
        printf '%s\n' "$@" >"$here/sbatch.$number"
        while [[ $1 == --* ]]; do
            [[ $1 == --array=* ]] && array=${1#--array=}
            [[ $1 == --chdir=* ]] && cd -- "${1#--chdir=}"
            shift
        done
        export SLURM_ARRAY_TASK_ID
        behaviour=$(sed -n "${number}p" "$here/behaviour" 2>/dev/null)
        IFS=, read -ra ranges <<<"${array%%%*}"
        for range in "${ranges[@]}"; do
            for ((SLURM_ARRAY_TASK_ID = ${range%-*}; SLURM_ARRAY_TASK_ID <= ${range#*-}; SLURM_ARRAY_TASK_ID++)); do
                case $behaviour in
                    lose) ;;
                    refuse) printf '2\ncroma: the disk of the node is full\n' >"$2/ended/$SLURM_ARRAY_TASK_ID" ;;
                    *) bash "$@" ;;
                esac
            done
        done
        echo "$number;cluster"
        """;

    private readonly TemporaryFolder _folder;

    public FakeSlurm(TemporaryFolder folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder["bin"]);
        Write("sbatch", Sbatch);
        Write("squeue", "#!/usr/bin/env bash\ncat \"$(dirname -- \"$0\")/queue\" 2>/dev/null\nexit 0\n");
        Write("scancel", "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\" >\"$(dirname -- \"$0\")/scancel\"\n");
    }

    /// <summary>What becomes of the tasks of each submission: "lose", "refuse", or "" for what a real one does.</summary>
    public void Behave(params string[] behaviour) => File.WriteAllLines(_folder["bin/behaviour"], behaviour);

    /// <summary>What squeue says.</summary>
    public void Queue(params string[] lines) => File.WriteAllLines(_folder["bin/queue"], lines);

    /// <summary>How often sbatch was told something, and what, from 1.</summary>
    public int Submissions => File.Exists(_folder["bin/count"]) ? int.Parse(File.ReadAllText(_folder["bin/count"])) : 0;

    public string[] Submission(int number) => File.ReadAllLines(_folder[$"bin/sbatch.{number}"]);

    /// <summary>What scancel was told.</summary>
    public string[] Cancelled => File.ReadAllLines(_folder["bin/scancel"]);

    /// <summary>Runs a command that finds them.</summary>
    public async Task<CliResult> Run(string folder, params string[] arguments)
    {
        using var process = CliProcess.Start(folder, [$"PATH={_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"], arguments);
        return await process.End();
    }

    private void Write(string name, string script)
    {
        File.WriteAllText(_folder[$"bin/{name}"], script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder[$"bin/{name}"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
