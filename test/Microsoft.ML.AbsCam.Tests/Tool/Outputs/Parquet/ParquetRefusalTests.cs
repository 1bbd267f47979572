using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;

[TestClass]
public sealed class ParquetRefusalTests
{
    [TestMethod]
    public void No_rows_are_refused() => Refuses([], ParquetMaps.Single, "at least one row");

    [TestMethod]
    public void A_map_of_another_size_than_was_said_is_refused()
    {
        Refuses([ParquetRows.Unread("a.png"), ParquetRows.Explained("b.png", 2, 3, _ => 0) with { MapWidth = 4 }], ParquetMaps.Single, "'b.png' has 6 values, and 2 x 4");
        Refuses([ParquetRows.Explained("c.png", 0, 3, _ => 0)], ParquetMaps.Byte, "'c.png' has 0 values");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(-0.1f)]
    [DataRow(1.1f)]
    [DataRow(float.PositiveInfinity)]
    public void A_value_that_does_not_fit_into_eight_bits_is_refused(float value) =>
        Refuses([ParquetRows.Explained("a.png", 1, 2, i => i == 0 ? 0.5f : value)], ParquetMaps.Byte, "Value 1 of the map of 'a.png'");

    [TestMethod]
    public void Floats_hold_any_value()
    {
        using var duck = new Duck();
        float[] values = [float.NaN, -3, float.PositiveInfinity];
        duck.Add([ParquetRows.Explained("a.png", 1, 3, i => values[i])], ParquetMaps.Single);
        CollectionAssert.AreEqual(values, (List<float>)duck.Ask($"SELECT map FROM {duck.Files}").Single()[0]!);
    }

    [TestMethod]
    public void A_disk_that_is_full_says_so()
    {
        using var full = new FullDisk();
        var e = Assert.ThrowsExactly<IOException>(() => ParquetPart.Write(full, [ParquetRows.Blobs(1)], ParquetMaps.Single));
        StringAssert.Contains(e.Message, "No space left");
    }

    [TestMethod]
    public void The_stream_stays_the_callers()
    {
        using var stream = new MemoryStream();
        ParquetPart.Write(stream, [ParquetRows.Unread("a.png")], ParquetMaps.Single);
        Assert.IsTrue(stream.CanWrite);
    }

    private static void Refuses(ParquetRow[] rows, ParquetMaps maps, string message)
    {
        using var stream = new MemoryStream();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ParquetPart.Write(stream, rows, maps)).Message, message);
        Assert.AreEqual(0, stream.Length, "nothing was written");
    }

    /// <summary>Takes the file's first bytes and no more.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > 1000)
            {
                throw new IOException("No space left on device");
            }

            base.Write(buffer, offset, count);
        }
    }
}
