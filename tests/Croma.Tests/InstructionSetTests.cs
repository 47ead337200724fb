using Croma.Alignment;
using Croma.Compute;
using Croma.Encoders;
using Croma.Method;
using Croma.Tests.Kernels;

namespace Croma.Tests;

/// <summary>
/// What docs/performance.md promises across instruction sets: embeddings, losses and gradients agree to 1e-5 of their
/// norm; and each set gives the same bits again, on one thread or on two.
/// </summary>
[Collection(InstructionSets.Name)]
public sealed class InstructionSetTests
{
    private const double Tolerance = 1e-5;

    private static readonly int[] s_groups = [1, 5, 1, 1, 5, 0, 7];

    public static TheoryData<string, int> Encoders()
    {
        var cases = new TheoryData<string, int>();
        foreach (var kind in EncoderCases.Names)
            foreach (var batch in (int[])[1, 6, 40]) cases.Add(kind, batch);
        return cases;
    }

    public static TheoryData<string> Losses => [.. AlignmentLoss.Names];

    [Theory, MemberData(nameof(Encoders))]
    public void Embeddings_and_gradients_of_an_encoder_agree_between_the_sets(string kind, int batch) => RequireAgreement(() =>
    {
        var (encoder, input) = EncoderCases.Make(kind, batch);
        using var parameters = Fresh(encoder.Layout);
        using var tape = new Tape();
        var y = encoder.Encode(tape, parameters, input);
        var loss = tape.CrossEntropy(y, EncoderCases.Labels(encoder, input));
        tape.Backward(loss);
        return [Rows(y), [loss.Scalar], .. Gradients(parameters)];
    });

    [Theory, MemberData(nameof(Losses))]
    public void An_alignment_loss_and_its_gradients_agree_between_the_sets(string name) => RequireAgreement(() =>
    {
        var (network, source, target) = Pairs(name);
        using var es = Fresh(network.SourceEncoder.Layout);
        using var et = Fresh(network.TargetEncoder.Layout);
        using var own = Fresh(network.AlignmentLoss.Layout);
        using var tape = new Tape();
        var loss = network.AlignmentLoss.Forward(tape, own, network.SourceEncoder.Encode(tape, es, source), network.TargetEncoder.Encode(tape, et, target), s_groups);
        tape.Backward(loss);
        return [[loss.Scalar], .. Gradients(es), .. Gradients(et), .. Gradients(own)];
    });

    [Theory, MemberData(nameof(Losses))]
    public void Steps_on_an_alignment_loss_give_the_same_bits_again_and_on_two_threads(string name) => InstructionSets.ForEach(_ =>
    {
        var once = Learn(name, threads: 1);
        Assert.Equal(once, Learn(name, threads: 1));
        Assert.Equal(once, Learn(name, threads: 2));
    });

    /// <summary>The losses of some steps and what was learned.</summary>
    private static float[] Learn(string name, int threads)
    {
        var (network, source, target) = Pairs(name);
        using var duet = new Duet(threads);
        InnerLearner[] learners = [.. new[] { network.SourceEncoder.Layout, network.TargetEncoder.Layout, network.AlignmentLoss.Layout }.Select(l => new InnerLearner(l, new AdamOptions()))];
        foreach (var learner in learners) learner.Parameters.Initialize(new CounterRandom(7, 7));
        using var step = new AlignmentStep(network, duet, learners[0], learners[1], learners[2]);
        Copy(source, step.SourceBatch);
        Copy(target, step.TargetBatch);
        float[] losses = [.. Enumerable.Range(0, 4).Select(_ => step.Take(s_groups))];
        float[] learned = [.. learners.SelectMany(l => l.Parameters.Raw.ToArray())];
        foreach (var learner in learners) learner.Dispose();
        return [.. losses, .. learned];
    }

    /// <summary>Text and speech under a loss.</summary>
    private static (Network Network, InputBatch Source, InputBatch Target) Pairs(string name)
    {
        var ((text, texts), (speech, frames)) = (EncoderCases.Make("text", s_groups.Length), EncoderCases.Make("speech", s_groups.Length));
        return (new Network(text, speech, new Classifier(text.Dimension, 5), AlignmentLoss.Create(name, new AlignmentLossOptions { Dimension = text.Dimension })), texts, frames);
    }

    private static void Copy(InputBatch from, InputBatch to)
    {
        to.Resize(from.Count, from.Steps, from.Width);
        from.Tokens.CopyTo(to.Tokens);
        from.Values.CopyTo(to.Values);
        from.Lengths.CopyTo(to.Lengths);
    }

    private static ParameterVector Fresh(ParameterLayout layout)
    {
        var parameters = new ParameterVector(layout, trainable: true);
        parameters.Initialize(new CounterRandom(6, 6));
        return parameters;
    }

    private static float[] Rows(Tensor y) => [.. Enumerable.Range(0, y.Rows).SelectMany(r => y.Row(r).ToArray())];

    /// <summary>One array a block, so that a small block's errors do not hide behind a large one.</summary>
    private static IEnumerable<float[]> Gradients(ParameterVector parameters)
    {
        var all = parameters.RawGradients.ToArray();
        return parameters.Layout.Blocks.Select(b => all[b.Offset..(b.Offset + b.Size)]);
    }

    private static void RequireAgreement(Func<float[][]> compute)
    {
        float[][]? portable = null;
        InstructionSets.ForEach(set =>
        {
            var results = compute();
            portable ??= results;
            for (var i = 0; i < results.Length; i++)
            {
                var (distance, norm) = (Norm(results[i].Zip(portable[i], (a, b) => (double)a - b)), Norm(portable[i].Select(v => (double)v)));
                Assert.True(double.IsFinite(norm) && distance <= Tolerance * norm, $"{set}, result {i}: {distance} apart at a norm of {norm}.");
            }
        });
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
