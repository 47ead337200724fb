using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// in this process: the cases reach into the engine, which names this program as its friend and no generated one
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator();
BenchmarkSwitcher.FromAssembly(typeof(Croma.Benchmarks.KernelBenchmark).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
