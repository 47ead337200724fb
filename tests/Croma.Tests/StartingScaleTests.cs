using Croma.Baselines;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>Convolutional encoders start from outputs of mean 0 and deviation 1 over samples that were handed over.</summary>
public sealed class StartingScaleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _images, _texts;

    public StartingScaleTests() => (_images, _texts) = (TinyImages.Create(_folder["images"]), TinyDataset.Create(_folder["texts"]));

    public void Dispose()
    {
        _images.Dispose();
        _texts.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("croma-weak"), InlineData("align-classify"), InlineData("oracle"), InlineData("unsupervised-meta-weak-labels"), InlineData("unsupervised-meta-reconstruct")]
    public void Outputs_of_the_target_s_encoder_are_centred_and_of_unit_deviation(string name)
    {
        using var method = TinyMethod.Create(name, _images, configuration: TinyImages.Configuration);
        var outputs = EncodeTrained(method.Meta.Network.TargetEncoder, method.Meta.TargetEncoder, _images.Target);
        for (var j = 0; j < outputs[0].Length; j++)
        {
            var mean = outputs.Average(o => o[j]);
            Assert.InRange(mean, -0.25, 0.25);
            Assert.InRange(Math.Sqrt(outputs.Average(o => (o[j] - mean) * (o[j] - mean))), 0.75, 1.3);
        }
    }

    [Fact]
    public void So_are_those_of_the_source_s_encoder()
    {
        using var method = TinyMethod.Create("croma-weak", _images, configuration: TinyImages.Configuration);
        var outputs = EncodeTrained(method.Meta.Network.SourceEncoder, method.Meta.SourceEncoder, _images.Source);
        Assert.All(Enumerable.Range(0, outputs[0].Length), j => Assert.InRange(outputs.Average(o => o[j]), -0.25, 0.25));
    }

    [Fact]
    public void A_method_that_is_handed_no_target_sample_starts_as_drawn()
    {
        using var method = TinyMethod.Create("unimodal-pretraining", _images, configuration: TinyImages.Configuration);
        using var drawn = new MetaParameters(method.Meta.Network, 5);
        Assert.Equal(drawn.TargetEncoder.Raw.ToArray(), method.Meta.TargetEncoder.Raw.ToArray());
    }

    [Fact]
    public void Samples_that_were_not_handed_over_do_not_matter()
    {
        const int Handed = 40;
        var clips = _images.Target.Contents;
        var others = new MemorySamples(clips.Shape, [.. Enumerable.Range(0, clips.Count).Select(i => i < Handed ? clips.Values(i).ToArray() : new Half[clips.Values(i).Length])]);
        Assert.Equal(Start(clips, Handed), Start(others, Handed));
        Assert.NotEqual(Start(clips, Handed + 1), Start(others, Handed + 1));
    }

    [Fact]
    public void They_are_drawn_from_all_that_were_handed_over()
    {
        // more than are looked at; only the last of them differ
        const int Handed = 200, Alike = 150;
        Assert.NotEqual(Start(Silent(Handed), Handed), Start(Silent(Alike), Handed));
    }

    [Fact]
    public void Outputs_that_are_the_same_for_all_samples_stay_as_drawn()
    {
        var silent = Silent(200);
        var encoder = Networks.Create("oracle", TinyImages.Configuration, silent.Shape, silent.Shape).TargetEncoder;
        using var drawn = new ParameterVector(encoder.Layout);
        drawn.Initialize(new CounterRandom(1, 1));
        Assert.Equal(drawn.Raw.ToArray(), Start(silent, 200));
    }

    [Fact]
    public void Recurrent_encoders_start_as_drawn()
    {
        using var method = TinyMethod.Create("croma", _texts);
        using var drawn = new MetaParameters(method.Meta.Network, 5);
        Assert.Equal(drawn.TargetEncoder.Raw.ToArray(), method.Meta.TargetEncoder.Raw.ToArray());
        Assert.Equal(drawn.SourceEncoder.Raw.ToArray(), method.Meta.SourceEncoder.Raw.ToArray());
    }

    /// <summary>The clips, the first of them without a sound.</summary>
    private MemorySamples Silent(int first)
    {
        var clips = _images.Target.Contents;
        return new MemorySamples(clips.Shape, [.. Enumerable.Range(0, clips.Count).Select(i => i < first ? new Half[clips.Values(i).Length] : clips.Values(i).ToArray())]);
    }

    private static float[] Start(SampleContents contents, int handed)
    {
        var configuration = TinyImages.Configuration;
        var encoder = Networks.Create("oracle", configuration, contents.Shape, contents.Shape).TargetEncoder;
        using var parameters = new ParameterVector(encoder.Layout);
        parameters.Initialize(new CounterRandom(1, 1));
        StartingScale.Apply(encoder, parameters, new SamplePool(contents, [.. Enumerable.Range(0, handed)]), configuration.Input, new CounterRandom(1, 2));
        return parameters.Raw.ToArray();
    }

    private double[][] EncodeTrained(Encoder encoder, ParameterVector parameters, ModalityData samples)
    {
        int[] all = [.. Enumerable.Range(0, samples.Count).Where(i => _images.Concepts[samples.Concept(i)].Split == ConceptSplit.MetaTrain)];
        var batch = new InputBatch();
        new SampleReader(samples.Contents, TinyImages.Configuration.Input).Read(batch, all);
        using var tape = new Tape();
        var y = encoder.Encode(tape, parameters, batch);
        return [.. Enumerable.Range(0, all.Length).Select(i => y.Row(i)[..encoder.Dimension].ToArray().Select(v => (double)v).ToArray())];
    }
}
