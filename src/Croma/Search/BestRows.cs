namespace Croma.Search;

/// <summary>The best rows seen so far: the highest scores, and of equal ones those that stand first. A heap whose root is the worst.</summary>
internal sealed class BestRows(int capacity)
{
    private readonly (float Score, int Row)[] _heap = new (float, int)[capacity];
    private int _count;

    /// <summary>A row with this score or a lower one has no place here, if it stands behind all others.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    public void Add(float score, int row)
    {
        if (_count < capacity)
        {
            Raise(_count++, (score, row));
            if (_count == capacity) Threshold = _heap[0].Score;
            return;
        }
        if (!IsWorse(_heap[0], (score, row))) return;
        Lower((score, row));
        Threshold = _heap[0].Score;
    }

    public void Add(BestRows other)
    {
        foreach (var (score, row) in other._heap.AsSpan(0, other._count)) Add(score, row);
    }

    /// <summary>All, the best first.</summary>
    public (float Score, int Row)[] Ordered()
    {
        var ordered = _heap[.._count];
        Array.Sort(ordered, (a, b) => IsWorse(b, a) ? -1 : IsWorse(a, b) ? 1 : 0);
        return ordered;
    }

    private static bool IsWorse((float Score, int Row) a, (float Score, int Row) b) => a.Score < b.Score || (a.Score == b.Score && a.Row > b.Row);

    private void Raise(int at, (float, int) item)
    {
        for (int above; at > 0 && IsWorse(item, _heap[above = (at - 1) / 2]); at = above) _heap[at] = _heap[above];
        _heap[at] = item;
    }

    private void Lower((float, int) item)
    {
        var at = 0;
        for (var below = 1; below < _count; below = 2 * at + 1)
        {
            if (below + 1 < _count && IsWorse(_heap[below + 1], _heap[below])) below++;
            if (!IsWorse(_heap[below], item)) break;
            _heap[at] = _heap[below];
            at = below;
        }
        _heap[at] = item;
    }
}
