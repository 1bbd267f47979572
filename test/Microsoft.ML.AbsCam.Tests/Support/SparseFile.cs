namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A new file that leaves runs of zeros out as holes, so that one of many gigabytes takes no space on file systems that know holes.</summary>
internal sealed class SparseFile(string path) : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite)
{
    private const int SmallestHole = 1 << 16;

    /// <summary>Elsewhere than on Linux, holes may be filled when something is written behind them.</summary>
    public static void Need()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("Files with holes are made on Linux only.");
        }
    }

    // FileStream sends spans here too, where the type is not its own.
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (count >= SmallestHole && !buffer.AsSpan(offset, count).ContainsAnyExcept((byte)0))
        {
            Seek(count, SeekOrigin.Current);
        }
        else
        {
            base.Write(buffer, offset, count);
        }
    }
}
