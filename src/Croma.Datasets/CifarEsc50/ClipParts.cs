using Croma.Compute;
using Croma.Data;

namespace Croma.Datasets.CifarEsc50;

/// <summary>
/// What each clip is used for: half of a class (20 of ESC-50's 40: 10 shots and 10 queries) for target classification,
/// the rest for alignment; takes of one recording always for the same.
/// </summary>
internal static class ClipParts
{
    /// <summary>The part of each clip, drawn from the seed.</summary>
    public static Part[] Of(IReadOnlyList<Clip> clips, ulong seed)
    {
        var parts = new Dictionary<string, Part>(StringComparer.Ordinal);
        foreach (var (number, own) in clips.GroupBy(clip => clip.Class).OrderBy(group => group.Key, StringComparer.Ordinal).Index())
        {
            var wanted = own.Count() / 2;
            var recordings = own.GroupBy(clip => clip.Recording).Select(group => (Name: group.Key, Clips: group.Count())).ToArray();
            new CounterRandom(seed, CounterRandom.Stream("cifar-esc50/recordings", number)).Shuffle(recordings.AsSpan());
            // a recording that is heard in another class too has its part already
            wanted -= recordings.Where(r => parts.GetValueOrDefault(r.Name) == Part.Target).Sum(r => r.Clips);
            (string Name, int Clips)[] free = [.. recordings.Where(r => !parts.ContainsKey(r.Name))];
            foreach (var (name, count) in free)
                if (count <= wanted)
                {
                    parts[name] = Part.Target;
                    wanted -= count;
                }
            foreach (var (name, count) in free.Where(r => !parts.ContainsKey(r.Name)).OrderBy(r => r.Clips).ToList())
            {
                parts[name] = wanted > 0 ? Part.Target : Part.Alignment;
                wanted -= count;
            }
        }
        return [.. clips.Select(clip => parts[clip.Recording])];
    }
}
