using Croma.Compute;
using Croma.Compute.Layers;
using Croma.Encoders;
using Croma.Method;
using Croma.Tests.Kernels;

namespace Croma.Tests;

/// <summary>Steps taken during the backward pass, and work shared by two threads, give the bits of the plain way.</summary>
[Collection(InstructionSets.Name)]
public sealed class LearningTests
{
    public static TheoryData<string, int, double> Cases() => new()
    {
        { "mlp", 4, 0 }, { "mlp", 7, 0.9 }, { "mlp", 40, 0 }, { "mlp", 200, 0.9 }, { "text", 3, 0 }, { "text", 9, 0.9 }, { "speech", 5, 0.9 }, { "speech", 13, 0 },
        { "conv", 1, 0.9 }, { "conv", 6, 0 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Steps_during_the_backward_pass_give_the_bits_of_steps_after_it(string kind, int batch, double beta1) => InstructionSets.ForEach(_ =>
    {
        var (encoder, input) = EncoderCases.Make(kind, batch);
        Assert.Equal(Train(encoder, input, beta1, duringBackward: false, threads: 1), Train(encoder, input, beta1, duringBackward: true, threads: 1));
    });

    [Theory, MemberData(nameof(Cases))]
    public void Two_threads_give_the_bits_of_one(string kind, int batch, double beta1) => InstructionSets.ForEach(_ =>
    {
        var (encoder, input) = EncoderCases.Make(kind, batch);
        Assert.Equal(Train(encoder, input, beta1, duringBackward: true, threads: 1), Train(encoder, input, beta1, duringBackward: true, threads: 2));
        Assert.Equal(Predict(encoder, input, threads: 1), Predict(encoder, input, threads: 2));
    });

    [Fact]
    public void Weights_used_twice_learn_from_the_sum_of_both_gradients()
    {
        var layout = new ParameterLayout();
        var layer = new Linear(layout, "shared", 20, 20);
        Assert.Equal(Train(plain: true), Train(plain: false));

        float[] Train(bool plain)
        {
            using var parameters = new ParameterVector(layout, trainable: true);
            using var adam = new Adam(layout, new AdamOptions());
            if (!plain) parameters.Optimizer = adam;
            parameters.Initialize(new CounterRandom(3, 1));
            using var tape = new Tape();
            for (var step = 0; step < 3; step++)
            {
                tape.Clear();
                var x = tape.Input(Enumerable.Range(0, 60).Select(i => i % 7 - 3f).ToArray(), 3, 20);
                tape.Backward(tape.CrossEntropy(layer.Forward(tape, parameters, layer.Forward(tape, parameters, x)), [1, 5, 19]));
                adam.Step(parameters);
            }
            return parameters.Raw.ToArray();
        }
    }

    [Fact]
    public void Using_a_weight_between_its_step_and_the_end_of_the_step_is_refused()
    {
        var mlp = new Mlp(8, [], 4);
        using var learner = new InnerLearner(mlp.Layout, new AdamOptions());
        learner.Parameters.Initialize(new CounterRandom(3, 2));
        using var tape = new Tape();
        var batch = new InputBatch();
        batch.Resize(2, 1, 8);
        tape.Backward(tape.CrossEntropy(mlp.Encode(tape, learner.Parameters, batch), [0, 1]));
        Assert.Contains("layer.0.weight", Assert.Throws<InvalidOperationException>(() => mlp.Encode(tape, learner.Parameters, batch)).Message);
        learner.Step();
        mlp.Encode(tape, learner.Parameters, batch);
    }

    [Fact]
    public void A_task_starts_without_the_moments_and_gradients_of_the_one_before()
    {
        var (encoder, input) = EncoderCases.Make("mlp", 6);
        using var meta = new ParameterVector(encoder.Layout);
        meta.Initialize(new CounterRandom(4, 4));
        using var learner = new InnerLearner(encoder.Layout, new AdamOptions { Beta1 = 0.9 });
        var first = Task(learner);
        Assert.Equal(first, Task(learner));

        float[] Task(InnerLearner learner)
        {
            learner.StartFrom(meta);
            using var tape = new Tape();
            for (var step = 0; step < 3; step++) TakeStep(tape, encoder, learner.Parameters, learner.Optimizer, input);
            return learner.Parameters.Raw.ToArray();
        }
    }

    [Fact]
    public void Parameters_without_gradients_stay_normal_numbers_and_their_moments_too()
    {
        var layout = new ParameterLayout();
        layout.Add("block", 1, 16, BlockForm.Vector, 0);
        using var parameters = new ParameterVector(layout, trainable: true);
        using var adam = new Adam(layout, new AdamOptions { Beta2 = 0.5 });
        parameters.RawGradients.Fill(1);
        for (var step = 0; step < 400; step++) adam.Step(parameters);
        Assert.All(adam.Moments.Single().Moment.Raw.ToArray(), v => Assert.True(float.IsNormal(v)));
    }

    private static float[] Train(Encoder encoder, InputBatch input, double beta1, bool duringBackward, int threads)
    {
        using var duet = new Duet(threads);
        using var parameters = new ParameterVector(encoder.Layout, trainable: true);
        using var adam = new Adam(encoder.Layout, new AdamOptions { Beta1 = beta1 });
        if (duringBackward) parameters.Optimizer = adam;
        parameters.Initialize(new CounterRandom(5, 5));
        using var tape = new Tape(duet);
        for (var step = 0; step < 3; step++) TakeStep(tape, encoder, parameters, adam, input);
        return parameters.Raw.ToArray();
    }

    private static void TakeStep(Tape tape, Encoder encoder, ParameterVector parameters, Adam adam, InputBatch input)
    {
        tape.Clear();
        tape.Backward(tape.CrossEntropy(encoder.Encode(tape, parameters, input), EncoderCases.Labels(encoder, input)));
        adam.Step(parameters);
    }

    private static float[] Predict(Encoder encoder, InputBatch input, int threads)
    {
        using var duet = new Duet(threads);
        using var parameters = new ParameterVector(encoder.Layout);
        parameters.Initialize(new CounterRandom(5, 6));
        using var tape = new Tape(duet);
        var y = encoder.Encode(tape, parameters, input);
        return [.. Enumerable.Range(0, y.Rows).SelectMany(r => y.Row(r).ToArray())];
    }
}

/// <summary>Work in two halves.</summary>
public sealed class DuetTests
{
    [Theory, InlineData(0), InlineData(1)]
    public void A_half_that_fails_does_not_leave_the_other_waiting(int failing)
    {
        using var duet = new Duet(threads: 2);
        var work = new Meeting(duet) { Failing = failing };
        Assert.ThrowsAny<Exception>(() => duet.Split(work));
        work.Failing = -1;
        duet.Split(work);
        Assert.Equal(2 * Meeting.Count, work.Met);
    }

    private sealed class Meeting(Duet duet) : ISplit
    {
        public const int Count = 100;
        private int _met;

        public int Failing { get; set; }

        public int Met => _met;

        public void Run(int part, int parts)
        {
            if (part == 0) _met = 0;
            duet.Meet(part);
            for (var i = 0; i < Count; i++)
            {
                if (part == Failing && i == 7) throw new CromaException("on purpose");
                Interlocked.Increment(ref _met);
                duet.Meet(part);
            }
        }
    }
}
