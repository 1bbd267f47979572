namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>Pixels in falling order of saliency; of equal ones the later comes first, as an ascending stable sort read backwards has it.</summary>
internal static class SaliencyOrder
{
    public static int[] Falling(ReadOnlySpan<float> map)
    {
        ulong[] keys = new ulong[map.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)Rank(map[i]) << 32) | (uint)i;
        }

        Array.Sort(keys);
        int[] order = new int[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            order[i] = (int)(uint)keys[keys.Length - 1 - i];
        }

        return order;
    }

    /// <summary>An integer that orders as the number does. Adding 0 makes one zero of two.</summary>
    private static uint Rank(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }
}
