using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>A list is cut so that every file falls to one share, and no share is off by more than a file.</summary>
[TestClass]
public class ByteSharesTests
{
    [TestMethod]
    public void Ranges_cover_the_list_once_and_are_within_one_file_of_their_share()
    {
        var dice = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            int files = dice.Next(0, 40);
            int count = dice.Next(1, 60);
            long largest = (long)Math.Pow(10, dice.Next(0, 13));
            long[] sizes = [.. Enumerable.Range(0, files).Select(_ => dice.Next(4) == 0 ? 0 : dice.NextInt64(largest + 1))];
            string what = string.Create(CultureInfo.InvariantCulture, $"round {round}: {count} shares of {string.Join(' ', sizes)}");

            int expected = 0;
            for (int i = 0; i < count; i++)
            {
                (int first, int end) = ByteShares.Range(sizes, i, count);
                Assert.AreEqual(expected, first, what);
                Assert.IsTrue(first <= end, what);
                expected = end;

                // By multiples, since shares need not be whole: count x bytes against the total.
                Int128 off = Int128.Abs(((Int128)sizes[first..end].Sum() * count) - sizes.Sum());
                Assert.IsTrue(off <= (Int128)sizes.Append(0).Max() * count, what);
            }

            Assert.IsTrue(expected == files, what);
        }
    }

    [TestMethod]
    public void Every_file_falls_to_the_share_in_which_its_middle_lies()
    {
        var dice = new Random(11);
        for (int round = 0; round < 500; round++)
        {
            int count = dice.Next(1, 9);
            long[] sizes = [.. Enumerable.Range(0, dice.Next(1, 20)).Select(_ => dice.NextInt64(1, 100))];
            double total = sizes.Sum();
            for (int file = 0; file < sizes.Length; file++)
            {
                double middle = sizes[..file].Sum() + (sizes[file] / 2.0);
                int[] owners = [.. Enumerable.Range(0, count).Where(i => ByteShares.Range(sizes, i, count) is (int first, int end) && file >= first && file < end)];
                Assert.HasCount(1, owners);

                // The sums are exact in double, and one division is as exact as it can be.
                Assert.AreEqual((int)Math.Floor(middle * count / total), owners[0]);
            }
        }
    }

    [TestMethod]
    [DataRow("5 5 5 5", 2, "0-2 2-4")]
    [DataRow("5 5 5 5", 4, "0-1 1-2 2-3 3-4")]
    [DataRow("90 1 1 1 1 1 1 1 1 1 1", 2, "0-1 1-11")]
    [DataRow("1 1 1 1 1 1 1 1 1 1 90", 2, "0-10 10-11")]
    [DataRow("7", 3, "0-0 0-1 1-1")]
    [DataRow("", 3, "0-0 0-0 0-0")]
    [DataRow("0 0 0 0 0 0", 3, "0-2 2-4 4-6")]
    [DataRow("4 4 0 0", 2, "0-1 1-4")]
    [DataRow("0 0 4 4", 2, "0-3 3-4")]
    public void Shares_that_can_be_cut_by_hand_are_cut_so(string sizes, int count, string ranges)
    {
        long[] bytes = [.. sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        var cut = Enumerable.Range(0, count).Select(i => ByteShares.Range(bytes, i, count));
        Assert.AreEqual(ranges, string.Join(' ', cut.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.End}"))));
    }

    [TestMethod]
    public void Sums_beyond_64_bits_are_no_trouble()
    {
        long[] sizes = [long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue];
        Assert.AreEqual((2, 3), ByteShares.Range(sizes, 2, 4));
    }
}
