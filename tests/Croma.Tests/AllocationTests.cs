using Croma.Alignment;
using Croma.Baselines;
using Croma.Compute;
using Croma.Data;
using Croma.Compute.Layers;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>A training step after the first allocates no managed memory; a task does, the same whatever its number of steps.</summary>
public sealed class AllocationTests
{
    private static readonly Sample[] s_samples = [new(0, 4), new(1, 6), new(2, 1), new(3, 5), new(4, 6)];
    private static readonly int[] s_labels = [0, 2, 1, 1, 0];
    private static readonly int[] s_groups = [3, 1, 3, 0, 7];

    public static TheoryData<string> Kinds => EncoderSamples.Kinds;

    public static TheoryData<string> Trained => [.. Methods.OfThePaper.Where(n => n != "unimodal-pretraining")];

    public static TheoryData<string> Losses => [.. AlignmentLoss.Names];

    [Theory, MemberData(nameof(Kinds))]
    public void Classification_step_allocates_nothing(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        var classifier = new Classifier(encoder.Encoder.Dimension, 3);
        using var phi = new ParameterVector(classifier.Layout, trainable: true);
        phi.Initialize(new CounterRandom(1, 1));
        using var tape = new Tape();
        using var encoderAdam = new Adam(encoder.Encoder.Layout, new AdamOptions());
        using var classifierAdam = new Adam(classifier.Layout, new AdamOptions { Beta1 = 0.9 });
        var batch = encoder.Batch(s_samples);

        RequireNoAllocation(() =>
        {
            tape.Clear();
            encoder.Parameters.ClearGradients();
            phi.ClearGradients();
            tape.Backward(tape.CrossEntropy(classifier.Classify(tape, phi, encoder.Encoder.Encode(tape, encoder.Parameters, batch)), s_labels));
            encoderAdam.Step(encoder.Parameters);
            classifierAdam.Step(phi);
        });
    }

    [Theory, MemberData(nameof(Losses))]
    public void Alignment_step_allocates_nothing(string name)
    {
        var (text, speech, loss) = (new TextLstm(5, 16, 17), new SpeechLstm(7, 16, 2, 17), AlignmentLoss.Create(name, new AlignmentLossOptions { Dimension = 17 }));
        using var textSamples = new EncoderSamples("text");
        using var speechSamples = new EncoderSamples("speech");
        using var es = new ParameterVector(text.Layout, trainable: true);
        using var et = new ParameterVector(speech.Layout, trainable: true);
        using var own = new ParameterVector(loss.Layout, trainable: true);
        es.Initialize(new CounterRandom(1, 2));
        et.Initialize(new CounterRandom(1, 3));
        own.Initialize(new CounterRandom(1, 4));
        using var tape = new Tape();
        using var sourceAdam = new Adam(text.Layout, new AdamOptions());
        using var targetAdam = new Adam(speech.Layout, new AdamOptions());
        var (texts, frames) = (textSamples.Batch(s_samples), speechSamples.Batch(s_samples));

        RequireNoAllocation(() =>
        {
            tape.Clear();
            es.ClearGradients();
            et.ClearGradients();
            own.ClearGradients();
            tape.Backward(loss.Forward(tape, own, text.Encode(tape, es, texts), speech.Encode(tape, et, frames), s_groups));
            sourceAdam.Step(es);
            targetAdam.Step(et);
        });
    }

    [Theory, InlineData("speech"), InlineData("mlp")]
    public void Reconstruction_step_allocates_nothing(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        var batch = encoder.Batch(s_samples);
        Decoder decoder = kind == "mlp" ? new VectorDecoder(17, [33, 5], 70) : new SequenceDecoder(5, 16, 7);
        using var parameters = new ParameterVector(decoder.Layout, trainable: true);
        parameters.Initialize(new CounterRandom(1, 5));
        using var tape = new Tape();
        using var encoderAdam = new Adam(encoder.Encoder.Layout, new AdamOptions());
        using var decoderAdam = new Adam(decoder.Layout, new AdamOptions());
        var random = new CounterRandom(1, 6);

        RequireNoAllocation(() =>
        {
            tape.Clear();
            encoder.Parameters.ClearGradients();
            parameters.ClearGradients();
            tape.Backward(decoder.Loss(tape, parameters, encoder.Encoder.Encode(tape, encoder.Parameters, batch), batch, random));
            encoderAdam.Step(encoder.Parameters);
            decoderAdam.Step(parameters);
        });
    }

    [Theory, MemberData(nameof(Trained))]
    public void Iteration_allocates_nothing_per_inner_step(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        Assert.Equal(Iteration(steps: 3), Iteration(steps: 40));

        long Iteration(int steps)
        {
            var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { InnerSteps = steps } };
            using var duet = new Duet(threads: 1);
            using var method = Methods.Create(name, configuration, dataset, 5, duet);
            using var meta = method.Meta;
            for (var i = 0; i < 10; i++) method.Iterate(i);
            return LeastAllocated(i => method.Iterate(10 + i));
        }
    }

    [Fact]
    public void Adaptation_allocates_nothing_per_step()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        using var meta = new MetaParameters(Networks.Create("croma", TinyConfiguration.Value, dataset), 5);
        var episode = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 1, 5, 2, 4, 3).Episodes[0];
        int[] samples = [.. episode.Support.SelectMany(s => s)];
        int[] queries = [.. episode.Query.SelectMany(s => s)];
        int[] labels = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4];
        var probabilities = new double[queries.Length * 5];
        Assert.Equal(Task(steps: 3), Task(steps: 40));

        long Task(int steps)
        {
            using var adaptation = new Adaptation(meta.Network, TinyConfiguration.Value.Adaptation with { Steps = steps }, new SampleReader(dataset.Target.Contents, TinyConfiguration.Value.Input));
            void Once(int i)
            {
                adaptation.Adapt(meta, samples, labels, new CounterRandom(1, (ulong)i));
                adaptation.AddProbabilities(queries, probabilities);
            }
            for (var i = 0; i < 10; i++) Once(i);
            return LeastAllocated(Once);
        }
    }

    // a batch larger than all before makes its buffers grow, so some iterations may allocate more
    private static long LeastAllocated(Action<int> work) => Enumerable.Range(0, 10).Min(i =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work(i);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    [Fact]
    public void Step_over_images_allocates_nothing()
    {
        var layout = new ParameterLayout();
        var (first, second) = (new Conv2d(layout, "first", 3, 17, stride: 2), new Conv2d(layout, "second", 17, 5, bias: false));
        var (norm, head) = (new BatchNorm(layout, "norm", 17, relu: true), new Linear(layout, "head", 5 + 17 * 4, 3));
        using var parameters = new ParameterVector(layout, trainable: true);
        parameters.Initialize(new CounterRandom(1, 5));
        using var tape = new Tape();
        using var adam = new Adam(layout, new AdamOptions());
        var pixels = Enumerable.Range(0, 5 * 8 * 7 * 3).Select(i => i % 11 - 5f).ToArray();

        RequireNoAllocation(() =>
        {
            tape.Clear();
            parameters.ClearGradients();
            var x = norm.Forward(tape, parameters, first.Forward(tape, parameters, tape.Images(pixels, 5, 8, 7, 3)));
            var features = tape.Concatenate(tape.GlobalAveragePool(second.Forward(tape, parameters, x)), tape.Flatten(tape.MaxPool(x)));
            tape.Backward(tape.CrossEntropy(head.Forward(tape, parameters, features), s_labels));
            adam.Step(parameters);
        });
    }

    private static void RequireNoAllocation(Action step)
    {
        for (var i = 0; i < 3; i++) step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++) step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
