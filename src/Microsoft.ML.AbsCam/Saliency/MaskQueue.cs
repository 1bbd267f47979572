namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// The masks that are still to be scored, of all rows of a batch: each row's channels in falling order of what they can
/// add at most. Rows take turns, so that masks of several images fill one pass and a row that may stop early is not
/// overrun.
/// </summary>
internal sealed class MaskQueue
{
    private readonly int[][] _channels;
    private readonly int[] _next;
    private int _turn;

    /// <param name="bounds">What each channel of the first row can add at most, then of the second, and so on; one at 0 adds exactly nothing and is not run.</param>
    /// <param name="rows">How many rows there are.</param>
    public MaskQueue(float[] bounds, int rows)
    {
        int channels = bounds.Length / rows;
        _next = new int[rows];
        _channels = [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, channels)
            .Where(channel => bounds[(row * channels) + channel] > 0)
            .OrderByDescending(channel => bounds[(row * channels) + channel])
            .ToArray())];
    }

    /// <summary>The channels of the row that have not been handed out yet.</summary>
    public ReadOnlySpan<int> Left(int row) => _channels[row].AsSpan(_next[row]);

    /// <summary>Hands out no more of this row.</summary>
    public void Close(int row) => _next[row] = _channels[row].Length;

    /// <summary>Hands out up to <paramref name="count"/> masks, or none at the end.</summary>
    public List<(int Row, int Channel)> Take(int count)
    {
        var taken = new List<(int, int)>(count);
        for (int idle = 0; taken.Count < count && idle < _channels.Length; _turn = (_turn + 1) % _channels.Length)
        {
            if (_next[_turn] < _channels[_turn].Length)
            {
                taken.Add((_turn, _channels[_turn][_next[_turn]++]));
                idle = 0;
            }
            else
            {
                idle++;
            }
        }

        return taken;
    }
}
