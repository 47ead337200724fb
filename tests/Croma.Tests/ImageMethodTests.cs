using Croma.Baselines;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>The rows of Table 8 on images and clips that only clusters join.</summary>
public sealed class ImageMethodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;

    public ImageMethodTests() => _dataset = TinyImages.Create(_folder.Path);

    public static TheoryData<string> Rows => ["croma", "croma-weak", "align-classify", "align-classify-adversarial", "align-classify-cycle", "align-meta-classify", "unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels", "unimodal-pretraining", "oracle", "no-align", "align-procrustes", "align-regression", "align-correlation"];

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_data_set_is_sound() => Assert.Empty(DatasetCheck.Run(_folder.Path, TestContext.Current.CancellationToken));

    [Theory, MemberData(nameof(Rows))]
    public void Training_and_adapting_beat_chance_clearly_on_one_thread_and_on_two_alike(string name)
    {
        using var one = TinyMethod.Create(name, _dataset, threads: 1, configuration: TinyImages.Configuration);
        using var two = TinyMethod.Create(name, _dataset, threads: 2, configuration: TinyImages.Configuration);
        var (a, b) = (TinyMethod.Train(one, _dataset, 1, TinyImages.Configuration), TinyMethod.Train(two, _dataset, 2, TinyImages.Configuration));
        Assert.Equal(TinyMethod.Bytes(a.Best), TinyMethod.Bytes(b.Best));
        var plan = EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 4, 5, 5, 6, 3);
        Assert.InRange(FewShotEvaluation.Run(a.Best, TinyImages.Configuration.Adaptation, _dataset.Target, TinyImages.Configuration.Input, plan, 5, 1, 2, cancellation: TestContext.Current.CancellationToken).Accuracy, 40, 100);
    }

    [Fact]
    public void A_query_s_answer_does_not_depend_on_its_neighbours()
    {
        using var method = TinyMethod.Create("croma-weak", _dataset, configuration: TinyImages.Configuration);
        using var adaptation = new Adaptation(method.Meta.Network, TinyImages.Configuration.Adaptation, new SampleReader(_dataset.Target.Contents, TinyImages.Configuration.Input));
        int[] samples = [.. Enumerable.Range(0, _dataset.Target.Count).Where(i => _dataset.Target.Part(i) == Part.Target)];
        adaptation.Adapt(method.Meta, samples[..10], [0, 1, 2, 3, 4, 0, 1, 2, 3, 4], new Compute.CounterRandom(1, 1));
        var together = adaptation.Logits(samples.AsSpan(0, 30));
        float[][] among = [.. Enumerable.Range(0, 30).Select(i => together.Row(i).ToArray())];
        for (var i = 0; i < 30; i++) Assert.Equal(among[i], adaptation.Logits([samples[i]]).Row(0).ToArray());
    }

    [Theory, InlineData("croma-weak"), InlineData("align-meta-classify"), InlineData("align-classify")]
    public void Weak_pairs_are_samples_of_one_cluster_and_no_target_label_is_counted(string name)
    {
        using var method = TinyMethod.Create(name, _dataset, configuration: TinyImages.Configuration);
        Assert.Equal((TinyImages.TrainClusters * TinyImages.AlignmentOfClass, 0), (method.TargetSamples, method.TargetLabels));
        var data = new WeaklyPairedTrainingData(_dataset);
        var task = data.NewTask(new MetaOptions { AlignmentBatch = 8, SamplesOfSet = 2 }, new Compute.CounterRandom(2, 1));
        var seen = new HashSet<string>();
        for (var draw = 0; draw < 20; draw++)
        {
            if (draw % 5 == 0) task.DrawTask();
            task.DrawBatch();
            string[] clusters = [.. task.Source.Select(s => _dataset.Concepts[_dataset.Source.Concept(s)].Cluster!)];
            Assert.Equal(clusters, task.Target.Select(t => _dataset.Concepts[_dataset.Target.Concept(t)].Cluster!));
            Assert.Equal(4, clusters.Zip(task.Groups).Distinct().Count());
            seen.UnionWith(clusters);
        }
        Assert.InRange(seen.Count, 5, TinyImages.TrainClusters);
    }

    [Fact]
    public void Frames_of_one_length_have_a_convolutional_encoder_and_others_an_LSTM_unless_the_configuration_says_otherwise()
    {
        Assert.IsType<ConvEncoder>(Target(FrameEncoder.ByLength, _dataset));
        Assert.IsType<SpeechLstm>(Target(FrameEncoder.Lstm, _dataset));
        using var sequences = TinyDataset.Create(_folder["sequences"], sequences: true);
        Assert.IsType<SpeechLstm>(Target(FrameEncoder.ByLength, sequences));

        static Encoder Target(FrameEncoder frames, CrossModalDataset dataset) => Networks.Create("croma",
            TinyImages.Configuration with { Encoders = TinyImages.Configuration.Encoders with { Convolution = TinyImages.Configuration.Encoders.Convolution! with { Frames = frames } } }, dataset).TargetEncoder;
    }

    [Theory]
    [InlineData("small", "encoders.convolution (clipFilters, clipBlocks)")]
    [InlineData("paper-images", "encoders.convolution (clipFilters")]
    public void Encoders_that_do_not_fit_are_refused_with_the_settings_that_decide(string profile, string message)
    {
        var (configuration, convolution) = (Profiles.Get(profile), new ConvOptions { Frames = FrameEncoder.Convolution });
        configuration = configuration with { Input = new InputOptions { MaxSteps = 8 }, Encoders = configuration.Encoders with { Convolution = convolution } };
        Assert.Contains(message, Assert.Throws<CromaException>(() => Networks.Create("croma", configuration, _dataset)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_the_paper_does_not_have_for_images_say_so() =>
        Assert.Contains("`shared` rows", Assert.Throws<CromaException>(() => TinyMethod.Create("shared-align", _dataset, configuration: TinyImages.Configuration)).Message, StringComparison.Ordinal);

    [Fact]
    public void Retrieval_pairs_samples_of_unseen_clusters_each_once()
    {
        var plan = RetrievalPlan.Create(_dataset, 10, 1);
        StrongPair[] all = [.. plan.Support.SelectMany(s => s), .. plan.Queries];
        Assert.Equal((TinyImages.HeldOutClusters, TinyImages.HeldOutClusters * 4), (plan.Support.Length, plan.Queries.Length));
        Assert.Equal((all.Length, all.Length), (all.Select(p => p.Source).Distinct().Count(), all.Select(p => p.Target).Distinct().Count()));
        Assert.All(all, p => Assert.Equal(_dataset.Concepts[_dataset.Source.Concept(p.Source)].Cluster, _dataset.Concepts[_dataset.Target.Concept(p.Target)].Cluster));
        Assert.All(all, p => Assert.Equal(ConceptSplit.MetaTest, _dataset.Concepts[_dataset.Source.Concept(p.Source)].Split));
        for (var i = 0; i < plan.Queries.Length; i++)
            Assert.Equal(_dataset.Concepts[_dataset.Source.Concept(plan.Queries[i].Source)].Cluster, _dataset.Concepts[_dataset.Source.Concept(plan.Support[plan.ClusterOfQuery![i]][0].Source)].Cluster);
    }

    [Fact]
    public void Aligning_for_retrieval_leaves_out_what_training_does_and_finding_nothing()
    {
        var plan = RetrievalPlan.Create(_dataset, 4, 1);
        Assert.Equal(Cosines(dropout: 0, shots: 0), Cosines(dropout: 0.5, shots: 0));
        Assert.NotEqual(Cosines(dropout: 0, shots: 4), Cosines(dropout: 0.5, shots: 4));

        double[] Cosines(double dropout, int shots)
        {
            var sizes = TinyImages.Configuration.Encoders;
            var configuration = TinyImages.Configuration with { Encoders = sizes with { Convolution = sizes.Convolution! with { Dropout = dropout } }, Adaptation = TinyImages.Configuration.Adaptation with { Steps = 2 } };
            using var method = TinyMethod.Create("croma", _dataset, configuration: configuration);
            return [.. Retrieval.Run(method.Meta, configuration, _dataset, plan, shots, 1, TestContext.Current.CancellationToken).SelectMany(row => row)];
        }
    }

    // each moves the target's encoder by steps of another kind: alignment, pre-training, reconstruction, classification
    [Theory, InlineData("croma"), InlineData("align-classify"), InlineData("unsupervised-meta-reconstruct"), InlineData("oracle")]
    public void Training_leaves_out_what_dropout_says(string name)
    {
        Assert.Equal(Trained(0), Trained(0));
        Assert.NotEqual(Trained(0), Trained(0.5));

        float[] Trained(double dropout)
        {
            var sizes = TinyImages.Configuration.Encoders;
            using var method = TinyMethod.Create(name, _dataset, configuration: TinyImages.Configuration with { Encoders = sizes with { Convolution = sizes.Convolution! with { Dropout = dropout } } });
            method.Iterate(1);
            return method.Meta.TargetEncoder.Raw.ToArray();
        }
    }

    [Fact]
    public void Each_step_of_aligning_draws_what_either_encoder_leaves_out_from_the_stream_it_is_given()
    {
        const int Steps = 3, Encoders = 2;
        var (still, noisy) = (Aligned(dropout: 0), Aligned(dropout: 0.5));
        for (var i = 0; i < Steps * Encoders; i++) still.NextUInt64();
        Assert.Equal(still.NextUInt64(), noisy.NextUInt64());

        // the stream as aligning leaves it
        Compute.CounterRandom Aligned(double dropout)
        {
            var sizes = TinyImages.Configuration.Encoders;
            var configuration = TinyImages.Configuration with { Encoders = sizes with { Convolution = sizes.Convolution! with { Dropout = dropout } }, Adaptation = TinyImages.Configuration.Adaptation with { Steps = Steps } };
            using var method = TinyMethod.Create("croma", _dataset, configuration: configuration);
            using var encoders = new AlignedEncoders(method.Meta, configuration);
            var random = new Compute.CounterRandom(1, 2);
            encoders.Align(new SampleReader(_dataset.Source.Contents, configuration.Input), new SampleReader(_dataset.Target.Contents, configuration.Input), [new StrongPair(0, 0), new StrongPair(30, 30)], null, random, TestContext.Current.CancellationToken);
            return random;
        }
    }

    [Fact]
    public void Retrieval_of_aligned_encoders_finds_the_cluster_more_often_than_guessing()
    {
        var configuration = TinyImages.Configuration with { Training = TinyImages.Configuration.Training with { AlignmentBatch = 16, AlignmentLearningRate = 3e-3 } };
        using var method = TinyMethod.Create("croma", _dataset, configuration: configuration);
        var plan = RetrievalPlan.Create(_dataset, 8, 1);
        var (before, after) = (Score(0), Score(8));
        Assert.InRange(after.ClusterShare10!.Value, before.ClusterShare10!.Value + 10, 100);

        RetrievalScore Score(int shots) => RetrievalScore.Of(Retrieval.Run(method.Meta, configuration, _dataset, plan, shots, 1, TestContext.Current.CancellationToken), plan.ClusterOfQuery);
    }
}
