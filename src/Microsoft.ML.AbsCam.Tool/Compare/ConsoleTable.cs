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
        foreach (TableCell cell in comparison.Lines[0].Cells)
        {
            table.AddColumn(new TableColumn(Markup.Escape(ComparisonText.Heading(cell))).RightAligned());
        }

        table.AddColumn(new TableColumn("forwards").RightAligned());
        foreach (ComparisonLine line in comparison.Lines)
        {
            table.AddRow([Markup.Escape(line.Name), .. line.Cells.Select(cell => Markup.Escape(ComparisonText.Cell(cell, "\n"))), ComparisonText.Cost(line.MapForwards)]);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        console.Write(table);
    }
}
