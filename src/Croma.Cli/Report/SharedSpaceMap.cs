using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;
using MathNet.Numerics.LinearAlgebra;

namespace Croma.Cli.Report;

/// <summary>
/// Maps of the shared space: pairs encoded by both encoders, normalised and projected to a plane; of meta-test concepts,
/// which no training saw, unless another split is asked for. Deterministic.
/// </summary>
public static class SharedSpaceMap
{
    private const int Batch = 32;

    // a plane shows the concepts if more than half of the variance in it lies between them
    private const double PlainEnough = 0.5;

    /// <summary>The meta-parameters that a model's training started from; they belong to the caller.</summary>
    /// <param name="info">The model.</param>
    /// <param name="dataset">What it was trained on.</param>
    public static MetaParameters StartOf(ModelInfo info, CrossModalDataset dataset)
    {
        using var duet = new Duet(threads: 1);
        using var method = Methods.Create(info.Method, info.Configuration, dataset, info.Seed, duet);
        return method.Meta;
    }

    /// <summary>The maps of two states of one network, both projected in the same way: by principal components if these show the concepts after training, otherwise by the concepts' means.</summary>
    /// <param name="dataset">Where the pairs are from.</param>
    /// <param name="configuration">How the encoders read a sample.</param>
    /// <param name="before">Meta-parameters before training.</param>
    /// <param name="after">After it.</param>
    /// <param name="pairs">Most pairs a concept.</param>
    /// <param name="concepts">Most concepts.</param>
    /// <param name="split">Whose concepts.</param>
    /// <exception cref="CromaException">Fewer than two of the split's concepts have pairs.</exception>
    public static (SpaceMap Before, SpaceMap After) Compute(CrossModalDataset dataset, TrainingConfiguration configuration,
        MetaParameters before, MetaParameters after, int pairs = 16, int concepts = 6, ConceptSplit split = ConceptSplit.MetaTest)
    {
        var (first, second) = (Embedded.Of(dataset, configuration, before, split, pairs, concepts), Embedded.Of(dataset, configuration, after, split, pairs, concepts));
        var components = PlaneProjection.Fit(second.Both);
        var projection = PlaneProjection.ShareBetween(components.Project(second.Both), second.Labels) > PlainEnough
            ? MapProjection.PrincipalComponents
            : MapProjection.ConceptMeans;
        return (first.Map(projection), second.Map(projection));
    }

    /// <summary>Encoded pairs: rows of unit length, row i of both modalities a true pair.</summary>
    private sealed record Embedded(CrossModalDataset Dataset, int[] Concepts, Matrix<double> Source, Matrix<double> Target)
    {
        /// <summary>Source over target.</summary>
        public Matrix<double> Both { get; } = Source.Stack(Target);

        /// <summary>The concepts of <see cref="Both"/>.</summary>
        public int[] Labels { get; } = [.. Concepts, .. Concepts];

        public static Embedded Of(CrossModalDataset dataset, TrainingConfiguration configuration, MetaParameters meta, ConceptSplit split, int most, int mostConcepts)
        {
            var chosen = dataset.StrongPairs
                .Where(p => dataset.Concepts[dataset.Source.Concept(p.Source)].Split == split)
                .GroupBy(p => dataset.Source.Concept(p.Source))
                .OrderBy(g => g.Key)
                .Take(mostConcepts)
                .SelectMany(g => g.Take(most))
                .ToList();
            int[] concepts = [.. chosen.Select(p => dataset.Source.Concept(p.Source))];
            if (concepts.Distinct().Count() < 2)
                throw new CromaException($"A map of the shared space needs pairs of two or more {split} concepts; '{dataset.Name}' has them of {concepts.Distinct().Count()}.");
            var network = meta.Network;
            return new Embedded(dataset, concepts,
                Encode(network.SourceEncoder, meta.SourceEncoder, new SampleReader(dataset.Source.Contents, configuration.Input), [.. chosen.Select(p => p.Source)]),
                Encode(network.TargetEncoder, meta.TargetEncoder, new SampleReader(dataset.Target.Contents, configuration.Input), [.. chosen.Select(p => p.Target)]));
        }

        public SpaceMap Map(MapProjection projection)
        {
            var plane = projection == MapProjection.PrincipalComponents ? PlaneProjection.Fit(Both) : PlaneProjection.FitMeans(Both, Labels);
            var places = plane.Project(Both);
            var points = Labels.Select((concept, i) => new MapPoint(places[i, 0], places[i, 1],
                Dataset.Concepts[concept].Name, i < Concepts.Length ? Dataset.Source.Name : Dataset.Target.Name));
            var cosines = Source * Target.Transpose();
            var all = Enumerable.Range(0, Concepts.Length).ToList();
            return new SpaceMap([.. points], projection,
                all.Average(i => cosines[i, i]),
                all.Average(i => all.Where(j => Concepts[i] != Concepts[j]).Average(j => cosines[i, j])),
                Recall(),
                (Source.ColumnSums() / Source.RowCount - Target.ColumnSums() / Target.RowCount).L2Norm());
        }

        private double Recall()
        {
            int[] distinct = [.. Concepts.Distinct()];
            var centres = Matrix<double>.Build.DenseOfRowVectors(distinct.Select(c =>
                Unit(Concepts.Index().Where(l => l.Item == c).Select(l => Target.Row(l.Index)).Aggregate((a, b) => a + b))));
            var nearest = (Source * centres.Transpose()).EnumerateRows().Select(row => distinct[row.MaximumIndex()]);
            return nearest.Zip(Concepts).Average(pair => pair.First == pair.Second ? 1.0 : 0.0);
        }
    }

    private static Matrix<double> Encode(Encoder encoder, ParameterVector parameters, SampleReader reader, int[] samples)
    {
        using var tape = new Tape();
        var batch = new InputBatch();
        var rows = new List<Vector<double>>();
        foreach (var part in samples.Chunk(Batch))
        {
            tape.Clear();
            reader.Read(batch, part);
            var embeddings = encoder.Encode(tape, parameters.Frozen, batch);
            for (var i = 0; i < part.Length; i++) rows.Add(Unit(Vector<double>.Build.DenseOfEnumerable(embeddings.Row(i).ToArray().Select(v => (double)v))));
        }
        return Matrix<double>.Build.DenseOfRowVectors(rows);
    }

    /// <summary>At length 1; zero stays zero.</summary>
    private static Vector<double> Unit(Vector<double> vector) => vector.L2Norm() is var length and > 0 ? vector / length : vector;
}
