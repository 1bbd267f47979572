namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>A box in pixels: its middle and its sides.</summary>
internal readonly record struct Box(float X, float Y, float Width, float Height)
{
    /// <summary>The boxes around what is seen of each object, null where too little of it is.</summary>
    /// <param name="places">The object at every pixel of a square picture, counted from 1.</param>
    /// <param name="objects">How many objects there are.</param>
    /// <param name="least">The fewest pixels that count as seen.</param>
    public static Box?[] Around(ReadOnlySpan<byte> places, int objects, int least)
    {
        var size = (int)Math.Sqrt(places.Length);
        var seen = new int[objects];
        var bounds = Enumerable.Repeat((Left: size, Top: size, Right: -1, Bottom: -1), objects).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] is > 0 and var place)
            {
                var (x, y) = (i % size, i / size);
                ref var bound = ref bounds[place - 1];
                bound = (Math.Min(bound.Left, x), Math.Min(bound.Top, y), Math.Max(bound.Right, x), Math.Max(bound.Bottom, y));
                seen[place - 1]++;
            }
        }

        return [.. bounds.Select((bound, i) => seen[i] < least
            ? (Box?)null
            : new Box((bound.Left + bound.Right + 1) / 2f, (bound.Top + bound.Bottom + 1) / 2f, bound.Right - bound.Left + 1, bound.Bottom - bound.Top + 1))];
    }

    /// <summary>Intersection over union.</summary>
    public float Overlap(Box other)
    {
        var width = Math.Min(X + (Width / 2), other.X + (other.Width / 2)) - Math.Max(X - (Width / 2), other.X - (other.Width / 2));
        var height = Math.Min(Y + (Height / 2), other.Y + (other.Height / 2)) - Math.Max(Y - (Height / 2), other.Y - (other.Height / 2));
        var both = Math.Max(width, 0) * Math.Max(height, 0);
        return both / ((Width * Height) + (other.Width * other.Height) - both);
    }
}
