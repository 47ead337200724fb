using Croma.Compute;
using Croma.Compute.Kernels;
using Croma.Encoders;
using Croma.Method;
using Croma.Tests.Kernels;

namespace Croma.Tests;

/// <summary>A task starts from the meta-parameters as they are, though Reptile's update has left a copy of them behind.</summary>
[Collection(InstructionSets.Name)]
public sealed unsafe class TaskStartTests
{
    private static readonly Mlp s_mlp = new(70, [130], 33);

    public static TheoryData<string> Changes() => [.. s_changes.Keys];

    private static readonly Dictionary<string, Action<ParameterVector, InnerLearner>> s_changes = new()
    {
        ["nothing"] = (_, _) => { },
        ["meta written"] = (meta, _) => meta.Write(meta.Layout.Blocks[1], new float[130]),
        ["meta drawn"] = (meta, _) => meta.Initialize(new CounterRandom(9, 9)),
        ["meta cleared"] = (meta, _) => meta.Clear(),
        ["meta restored"] = (meta, _) =>
        {
            using var other = Fresh(8);
            meta.CopyFrom(other);
        },
        ["meta moved by another learner"] = (meta, _) =>
        {
            using var other = Learner(7);
            Reptile().Update(meta, other.Parameters);
        },
        ["learner written"] = (_, learner) => learner.Parameters.Write(learner.Parameters.Layout.Blocks[1], new float[130]),
        ["learner written as constants"] = (_, learner) => learner.Frozen.Write(learner.Parameters.Layout.Blocks[1], new float[130]),
        ["learner gone on"] = (_, learner) => TakeStep(learner),
        ["learner stopped in a step"] = (_, learner) =>
        {
            TakeStep(learner, ended: false);
            learner.Parameters.ClearGradients();
        },
        ["learner on another start"] = (_, learner) =>
        {
            using var other = Fresh(6);
            learner.StartFrom(other);
        },
    };

    [Theory, MemberData(nameof(Changes))]
    public void A_task_starts_from_the_meta_parameters_whatever_changed_since_the_update(string change)
    {
        using var meta = Fresh(1);
        using var learner = new InnerLearner(s_mlp.Layout, new AdamOptions());
        learner.StartFrom(meta);
        TakeStep(learner);
        Reptile().Update(meta, learner.Parameters);
        s_changes[change](meta, learner);
        learner.StartFrom(meta);
        Assert.Equal(meta.Raw.ToArray(), learner.Parameters.Raw.ToArray());
    }

    [Fact]
    public void The_update_moves_the_meta_parameters_towards_the_adapted_ones_which_follow() => InstructionSets.ForEach(_ =>
    {
        using var meta = Fresh(1);
        using var adapted = Fresh(2);
        var expected = meta.Raw.ToArray();
        var target = adapted.Raw.ToArray();
        fixed (float* y = expected, x = target) VectorKernels.MoveTowards(y, x, 0.25f, expected.Length);
        meta.MoveTogether(adapted, 0.25f);
        Assert.Equal(expected, meta.Raw.ToArray());
        Assert.Equal(expected, adapted.Raw.ToArray());
    });

    private static Reptile Reptile() => new(s_mlp.Layout, new MetaOptions { MetaStepSize = 0.1 });

    private static ParameterVector Fresh(ulong seed)
    {
        var vector = new ParameterVector(s_mlp.Layout);
        vector.Initialize(new CounterRandom(seed, 3));
        return vector;
    }

    private static InnerLearner Learner(ulong seed)
    {
        using var start = Fresh(seed);
        var learner = new InnerLearner(s_mlp.Layout, new AdamOptions());
        learner.StartFrom(start);
        return learner;
    }

    private static void TakeStep(InnerLearner learner, bool ended = true)
    {
        using var tape = new Tape();
        var batch = new InputBatch();
        batch.Resize(2, 1, 70);
        batch.Values.Fill(0.5f);
        tape.Backward(tape.CrossEntropy(s_mlp.Encode(tape, learner.Parameters, batch), [0, 1]));
        if (ended) learner.Step();
    }
}
