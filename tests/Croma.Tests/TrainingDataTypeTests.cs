using System.Reflection;
using Croma.Baselines;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>What a method may read is decided by types: nothing that it is handed leads to the concepts of a modality's samples.</summary>
public sealed class TrainingDataTypeTests
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] s_knowConcepts = [typeof(ModalityData), typeof(CrossModalDataset), typeof(DatasetManifest)];

    private static readonly Type[] s_kinds = [.. typeof(TrainingData).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(TrainingData)))];

    public static TheoryData<string> Kinds => [.. s_kinds.Select(k => k.Name)];

    public static TheoryData<string> MethodTypes => [.. typeof(Methods).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(FewShotMethod)) && !t.IsAbstract).Select(t => t.Name)];

    [Theory, MemberData(nameof(Kinds))]
    public void No_field_or_property_of_training_data_leads_to_a_modality_s_concepts(string kind) =>
        Assert.Empty(Reachable(s_kinds.Single(k => k.Name == kind), hidden: true).Intersect(s_knowConcepts));

    [Theory, MemberData(nameof(Kinds))]
    public void No_visible_member_of_training_data_leads_to_the_file_that_holds_them(string kind) =>
        Assert.DoesNotContain(typeof(SafetensorsFile), Reachable(s_kinds.Single(k => k.Name == kind), hidden: false));

    [Theory, MemberData(nameof(MethodTypes))]
    public void No_method_is_handed_or_keeps_anything_that_leads_to_them(string name)
    {
        var method = typeof(Methods).Assembly.GetTypes().Single(t => t.Name == name && t.IsSubclassOf(typeof(FewShotMethod)));
        var handed = method.GetConstructors(Members).SelectMany(c => c.GetParameters()).SelectMany(p => Reachable(p.ParameterType, hidden: true));
        Assert.Empty(handed.Concat(Reachable(method, hidden: true)).Intersect(s_knowConcepts));
    }

    [Fact]
    public void Only_the_kind_that_says_so_counts_target_labels()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        var labelled = s_kinds.Where(k => !k.IsAbstract && Make(k, dataset).TargetLabels > 0);
        Assert.Equal([typeof(TargetLabelledTrainingData)], labelled);
        Assert.Equal([typeof(TargetLabelledTrainingData)], s_kinds.Where(k => k.GetProperty(nameof(TrainingData.TargetLabels))!.DeclaringType == k));
    }

    [Fact]
    public void The_walk_would_find_them()
    {
        Assert.Contains(typeof(ModalityData), Reachable(typeof(CrossModalDataset), hidden: false));
        Assert.Contains(typeof(SafetensorsFile), Reachable(typeof(StoredSamples), hidden: true));
        Assert.Contains(typeof(ModalityData), Reachable(typeof(Dictionary<int, ModalityData[]>), hidden: false));
    }

    private static TrainingData Make(Type kind, CrossModalDataset dataset)
    {
        var constructor = kind.GetConstructors().Single();
        return (TrainingData)constructor.Invoke([.. constructor.GetParameters().Select(p => p.Position == 0 ? dataset : p.DefaultValue)]);
    }

    /// <summary>Types of fields, of properties and of what indexers and methods return, from one to the next within the library.</summary>
    private static HashSet<Type> Reachable(Type from, bool hidden)
    {
        var (seen, open) = (new HashSet<Type>(), new Stack<Type>([from]));
        while (open.TryPop(out var type))
        {
            if (type.HasElementType) type = type.GetElementType()!;
            if (!seen.Add(type)) continue;
            foreach (var argument in type.GetGenericArguments()) open.Push(argument);
            if (type.BaseType is { } parent) open.Push(parent);
            if (type.Assembly != typeof(TrainingData).Assembly) continue;
            foreach (var field in type.GetFields(Members).Where(f => hidden || !f.IsPrivate)) open.Push(field.FieldType);
            foreach (var method in type.GetMethods(Members).Where(m => hidden || !m.IsPrivate)) open.Push(method.ReturnType);
        }
        return seen;
    }
}
