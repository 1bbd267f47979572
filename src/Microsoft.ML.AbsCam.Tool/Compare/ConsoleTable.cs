using Spectre.Console;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Prints the table on the terminal, and as wide as it is into a pipe.</summary>
internal static class ConsoleTable
{
    private const int PipeWidth = 240;

    public static void Print(Comparison comparison)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("method");
        foreach (MeasureResult result in comparison.Lines[0].Metrics.Measures)
        {
            table.AddColumn(new TableColumn(Markup.Escape(ComparisonText.Heading(result.Measure))).RightAligned());
        }

        table.AddColumn(new TableColumn("forwards").RightAligned());
        foreach (ComparisonLine line in comparison.Lines)
        {
            table.AddRow([Markup.Escape(line.Name), .. line.Metrics.Measures.Select(result => Markup.Escape(ComparisonText.Cell(result, "\n"))), ComparisonText.Cost(line.MapForwards)]);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        console.Write(table);
    }
}
