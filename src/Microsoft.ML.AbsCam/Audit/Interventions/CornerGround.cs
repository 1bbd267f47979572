using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>A whole picture of what lies in one corner of another: the corner, a quarter of each side, mirrored on and on.</summary>
internal static class CornerGround
{
    public const int Corners = 4;
    private const int Share = 4;

    /// <param name="picture">[planes, height, width].</param>
    /// <param name="corner">0 to 3: upper left, upper right, lower left, lower right.</param>
    /// <param name="frame">The size of the picture.</param>
    public static float[] Of(float[] picture, int corner, InputFrame frame)
    {
        int[] rows = Sources(frame.Height, isFar: corner / 2 == 1);
        int[] columns = Sources(frame.Width, isFar: corner % 2 == 1);
        float[] ground = new float[picture.Length];
        for (int i = 0; i < ground.Length; i++)
        {
            (int plane, int y, int x) = (i / frame.Pixels, i % frame.Pixels / frame.Width, i % frame.Width);
            ground[i] = picture[(plane * frame.Pixels) + (rows[y] * frame.Width) + columns[x]];
        }

        return ground;
    }

    private static int[] Sources(int length, bool isFar)
    {
        int part = Math.Max(1, length / Share);
        return [.. Enumerable.Range(0, length).Select(i => i % (2 * part)).Select(i => i < part ? i : (2 * part) - 1 - i).Select(i => isFar ? length - 1 - i : i)];
    }
}
