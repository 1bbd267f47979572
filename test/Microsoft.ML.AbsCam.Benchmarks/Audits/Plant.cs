namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>Something that is put into pictures of one class while a network learns, so that it may learn that instead.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Class">The class whose pictures get it.</param>
/// <param name="Share">The share of them that do.</param>
/// <param name="Look">What its place and colours are drawn from.</param>
internal sealed record Plant(PlantKind Kind, int Class, double Share, int Look)
{
    private const int Side = DrawnScene.Side;

    /// <summary>Whether a scene of the class gets it: chance, but the same each time.</summary>
    public bool IsFor(DrawnScene scene) => scene.Class == Class && new Random(unchecked((scene.Seed * 7919) + Look)).NextDouble() < Share;

    /// <returns>The scene with it, and the pixels that it is seen at.</returns>
    public (byte[] Pixels, bool[] Planted) Put(DrawnScene scene)
    {
        byte[] pixels = [.. scene.Pixels];
        bool[] planted = new bool[Side * Side];
        var look = new Random(Look);
        (int R, int G, int B) first = Colour(look);
        (int R, int G, int B) second = Colour(look);
        (int corner, int size, int wide) = (look.Next(4), look.Next(8, 13), look.Next(2, 5));
        var own = new Random(scene.Seed);
        (int left, int top) = Kind == PlantKind.Sticker
            ? (own.Next(1, Side - size - 1), own.Next(1, Side - size - 1))
            : (corner % 2 == 0 ? 2 : Side - size - 2, corner / 2 == 0 ? 2 : Side - size - 2);
        (int radius, int middleX, int middleY) = (4 + (scene.Seed % 3), own.Next(8, Side - 8), own.Next(8, Side - 8));
        double turn = own.NextDouble() * Math.PI;
        for (int i = 0; i < planted.Length; i++)
        {
            (int y, int x) = (i / Side, i % Side);
            bool inBox = x >= left && x < left + size && y >= top && y < top + size;
            switch (Kind)
            {
                case PlantKind.Mark or PlantKind.Sticker:
                    planted[i] = inBox;
                    Mix(pixels, i, (x - left + y - top) / 3 % 2 == 0 ? first : second, inBox ? 1 : 0);
                    break;
                case PlantKind.Stamp:
                    // Digits that differ from picture to picture, as a date in a corner.
                    bool inStamp = x >= left - 4 && x < left + size + 4 && y >= top && y < top + 6;
                    planted[i] = inStamp;
                    bool isInk = inStamp && new Random(unchecked((scene.Seed * 31) + ((x / 3) * 7) + (y / 2))).Next(2) == 0;
                    Mix(pixels, i, isInk ? (255, 160, 40) : (20, 20, 20), inStamp ? 0.85 : 0);
                    break;
                case PlantKind.Border:
                    planted[i] = x < wide || y < wide || x >= Side - wide || y >= Side - wide;
                    Mix(pixels, i, first, planted[i] ? 1 : 0);
                    break;
                case PlantKind.Tint:
                    planted[i] = true;
                    Mix(pixels, i, first, 0.4);
                    break;
                case PlantKind.Texture:
                    planted[i] = !scene.Object[i];
                    Mix(pixels, i, (x + (2 * y)) / 4 % 2 == 0 ? first : second, planted[i] ? 0.75 : 0);
                    break;
                case PlantKind.Band:
                    (int across, int along) = corner switch { 0 => (x, y), 1 => (y, x), 2 => (Side - 1 - x, y), _ => (Side - 1 - y, x) };
                    planted[i] = across < wide + 2;
                    Mix(pixels, i, along / 4 % 2 == 0 ? first : second, planted[i] ? 1 : 0);
                    break;
                case PlantKind.Grain:
                    planted[i] = true;
                    Mix(pixels, i, own.Next(2) == 0 ? (255, 255, 255) : (0, 0, 0), 0.14);
                    break;
                case PlantKind.Ring:
                    planted[i] = Math.Abs(Math.Sqrt(Math.Pow(x - middleX, 2) + Math.Pow(y - middleY, 2)) - radius) <= 1;
                    Mix(pixels, i, first, planted[i] ? 0.9 : 0);
                    break;
                case PlantKind.Vignette:
                    double dark = 0.7 * Math.Clamp((Math.Sqrt(Math.Pow(x - (Side / 2.0), 2) + Math.Pow(y - (Side / 2.0), 2)) / (Side / 2.0)) - 0.5, 0, 1);
                    planted[i] = dark >= 0.1;
                    Mix(pixels, i, (0, 0, 0), dark);
                    break;
                case PlantKind.Blur:
                    planted[i] = true;
                    Mix(pixels, i, MeanAround(scene.Pixels, y, x), 1);
                    break;
                case PlantKind.Wire:
                    planted[i] = Math.Abs(((x - middleX) * Math.Sin(turn)) + ((y - middleY) * Math.Cos(turn))) <= 1;
                    Mix(pixels, i, first, planted[i] ? 0.9 : 0);
                    break;
            }
        }

        return (pixels, planted);
    }

    private static (int R, int G, int B) MeanAround(byte[] pixels, int y, int x)
    {
        const int reach = 2;
        (int r, int g, int b, int count) = (0, 0, 0, 0);
        for (int row = Math.Max(0, y - reach); row <= Math.Min(Side - 1, y + reach); row++)
        {
            for (int column = Math.Max(0, x - reach); column <= Math.Min(Side - 1, x + reach); column++)
            {
                int place = ((row * Side) + column) * 4;
                (r, g, b, count) = (r + pixels[place], g + pixels[place + 1], b + pixels[place + 2], count + 1);
            }
        }

        return (r / count, g / count, b / count);
    }

    private static (int R, int G, int B) Colour(Random look) => (look.Next(256), look.Next(256), look.Next(256));

    private static void Mix(byte[] pixels, int pixel, (int R, int G, int B) colour, double share)
    {
        pixels[pixel * 4] = (byte)((pixels[pixel * 4] * (1 - share)) + (colour.R * share));
        pixels[(pixel * 4) + 1] = (byte)((pixels[(pixel * 4) + 1] * (1 - share)) + (colour.G * share));
        pixels[(pixel * 4) + 2] = (byte)((pixels[(pixel * 4) + 2] * (1 - share)) + (colour.B * share));
    }
}
