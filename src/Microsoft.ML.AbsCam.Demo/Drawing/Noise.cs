namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>Seeded gradient noise and seeded cells: what grain, clouds, ripples and cobbles are made of.</summary>
internal sealed class Noise
{
    private const int Period = 256;
    private readonly byte[] _order = new byte[Period * 2];
    private readonly (float X, float Y)[] _directions = new (float, float)[Period];

    public Noise(Dice dice)
    {
        for (var i = 0; i < Period; i++)
        {
            _order[i] = (byte)i;
            var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
            _directions[i] = (cos, sin);
        }

        for (var i = Period - 1; i > 0; i--)
        {
            var other = dice.Whole(0, i);
            (_order[i], _order[other]) = (_order[other], _order[i]);
        }

        _order.AsSpan(0, Period).CopyTo(_order.AsSpan(Period));
    }

    /// <summary>Gradient noise, about -1 to 1, one bump a unit.</summary>
    public float At(float x, float y)
    {
        var (column, row) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (right, down) = (x - column, y - row);
        var (fadeX, fadeY) = (Fade(right), Fade(down));
        var top = Lerp(Slope(column, row, right, down), Slope(column + 1, row, right - 1, down), fadeX);
        var bottom = Lerp(Slope(column, row + 1, right, down - 1), Slope(column + 1, row + 1, right - 1, down - 1), fadeX);
        return 1.5f * Lerp(top, bottom, fadeY);
    }

    /// <summary>Noise on several scales, each twice as fine and half as strong as the one before.</summary>
    public float Fractal(float x, float y, int octaves)
    {
        float sum = 0, strength = 0.5f;
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += strength * At(x, y);
            (x, y, strength) = ((x * 2) + 17.3f, (y * 2) + 5.9f, strength * 0.5f);
        }

        return sum;
    }

    /// <summary>Scattered points, one a unit square: the distance to the nearest, the further way to the second nearest, and a number in [0,1) for the nearest.</summary>
    public (float Nearest, float Gap, float Tone) Cell(float x, float y)
    {
        var (column, row) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        float first = 9, second = 9;
        var tone = 0;
        for (var dy = -1; dy <= 1; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
            {
                var key = Key(column + dx, row + dy);
                var (jitterX, jitterY) = _directions[key];
                var (wayX, wayY) = (column + dx + 0.5f + (0.4f * jitterX) - x, row + dy + 0.5f + (0.4f * jitterY) - y);
                var distance = (wayX * wayX) + (wayY * wayY);
                if (distance < first)
                {
                    (second, first, tone) = (first, distance, key);
                }
                else if (distance < second)
                {
                    second = distance;
                }
            }
        }

        var nearest = MathF.Sqrt(first);
        return (nearest, MathF.Sqrt(second) - nearest, tone / (float)Period);
    }

    private int Key(int column, int row) => _order[_order[column & (Period - 1)] + (row & (Period - 1))];

    private float Slope(int column, int row, float x, float y)
    {
        var (directionX, directionY) = _directions[Key(column, row)];
        return (directionX * x) + (directionY * y);
    }

    private static float Fade(float t) => t * t * t * ((t * ((t * 6) - 15)) + 10);

    private static float Lerp(float from, float to, float share) => from + ((to - from) * share);
}
