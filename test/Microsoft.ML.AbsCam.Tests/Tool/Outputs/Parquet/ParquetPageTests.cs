using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;

/// <summary>The queries that docs/use/parquet.md shows, asked as they stand there.</summary>
[TestClass]
public sealed partial class ParquetPageTests
{
    [TestMethod]
    public void Each_query_of_the_page_answers_what_it_says()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "use", "parquet.md"));
        string[] queries = SqlBlock().Match(page).Groups["sql"].Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.HasCount(3, queries);
        using var duck = new Duck();
        duck.Add([ParquetRows.Explained("sure.png", 2, 3, i => i == 4 ? 1 : 0), ParquetRows.Unread("broken.png")], ParquetMaps.Single);
        duck.Add([ParquetRows.Explained("unsure.png", 3, 2, i => i == 5 ? 1 : 0.5f) with { Label = "Hund", Probability = 0.25f }], ParquetMaps.Single);

        string[] answers = [.. queries.Select(query => string.Join("; ", duck.Ask(Table().Replace(query, duck.Files)).Select(row => string.Join(' ', row.Select(value => FormattableString.Invariant($"{value:0.###}"))))))];
        Assert.AreEqual("unsure.png Hund 0.25", answers[0]);
        Assert.AreEqual("Katze 0.167; Hund 0.583", answers[1]);
        Assert.AreEqual("sure.png 1 1; unsure.png 2 1", answers[2]);
    }

    [GeneratedRegex("```sql\n(?<sql>.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    [GeneratedRegex(@"read_parquet\('out/parquet/\*\.parquet'\)")]
    private static partial Regex Table();
}
