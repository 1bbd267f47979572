using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Differences;

/// <summary>Compares two finished runs, and writes the findings.</summary>
internal sealed class DiffRun(DiffSettings settings, IRunLog log)
{
    private readonly MLContext _context = new(seed: 1);
    private readonly (FinishedRun First, FinishedRun Second) _runs = (settings.First, settings.Second);

    /// <exception cref="UsageException">The runs cannot be compared.</exception>
    public AuditReport Run(CancellationToken cancellation)
    {
        Check();
        if (FinishedRun.IsIn(settings.Output))
        {
            throw new UsageException($"The folder '{settings.Output}' holds a run of 'abscam explain', whose page this one's would replace. Give another folder with --output.");
        }

        using var folder = new FindingsFolder(settings.Output, settings.Overwrite);
        string[] notes = [.. Notes()];
        foreach (string note in notes)
        {
            log.Line(note);
        }

        Dictionary<string, string> truths = Truths();
        var shares = new ObjectShares(settings);
        AuditReport report = _context.Saliency.Diff(View(_runs.First, truths, shares, cancellation), View(_runs.Second, truths, shares, cancellation), new DiffOptions
        {
            ObjectShareColumn = settings.Objects.IsKnown ? nameof(DiffedPicture.OnObject) : null,
            TruthColumn = truths.Count > 0 ? nameof(DiffedPicture.Truth) : null,
            Level = settings.Level,
            Seed = settings.Seed,
        });
        foreach (string trouble in shares.Troubles)
        {
            log.Trouble(trouble);
        }

        (string, string)[] facts = [("First", _runs.First.Folder), ("Second", _runs.Second.Folder), .. notes.Select((note, i) => ($"Note {i + 1}", note)), ("Level", settings.Level.ToString(CultureInfo.InvariantCulture)), ("Seed", settings.Seed.ToString(CultureInfo.InvariantCulture)), ("Version", ProgramVersion.Text)];
        var pictures = new DiffPictures(_runs.First, _runs.Second);
        AuditFinding[] findings = [.. report.Findings.Select(finding => finding with { Pictures = pictures.Of(finding) })];
        folder.Write(report, findings, facts);
        if (!new DiffPage(_runs.Second, truths, facts).Write(folder.Output, report, findings))
        {
            log.Line($"the run in '{_runs.Second.Folder}' kept no plates, so that the page's gallery has no pictures; with --save npy,report it keeps them");
        }

        return report;
    }

    private void Check()
    {
        (FinishedRun first, FinishedRun second) = _runs;
        foreach (FinishedRun run in (ReadOnlySpan<FinishedRun>)[first, second])
        {
            run.CheckThatItExplainsClasses();
            if (run.Maps.Missing is { } row)
            {
                throw new UsageException($"The run in '{run.Folder}' kept no maps (none of '{row.Name}'), so nothing tells how its heat lies. Explain with --save npy or --save parquet.");
            }

            if (!run.Rows.Any(picture => picture.IsExplained))
            {
                throw new UsageException($"The run in '{run.Folder}' explained no picture.");
            }
        }

        if (!(IsPredicted(first) && IsPredicted(second)) && first.Target != second.Target)
        {
            throw new UsageException($"The runs explain other things: --target is '{first.Target}' in '{first.Folder}' and '{second.Target}' in '{second.Folder}'. Explain both alike.");
        }

        HashSet<string> classes = [.. first.Rows.Where(row => row.IsExplained).Select(row => row.ClassName)];
        if (!second.Rows.Any(row => row.IsExplained && classes.Contains(row.ClassName)))
        {
            throw new UsageException($"The runs have no class in common: the first has '{classes.First()}', the second '{second.Rows.First(row => row.IsExplained).ClassName}'. Classes are known by their names: explain both with --labels that call them alike.");
        }
    }

    private static bool IsPredicted(FinishedRun run) => run.Target == "predicted" || run.Target.StartsWith("top:", StringComparison.Ordinal);

    /// <summary>What else than the model differs, so that nobody takes it for the model's doing.</summary>
    private IEnumerable<string> Notes()
    {
        (FinishedRun first, FinishedRun second) = _runs;
        if (first.Identity.GetValueOrDefault("model") == second.Identity.GetValueOrDefault("model"))
        {
            yield return "both runs are of one model";
        }

        if (first.Identity.GetValueOrDefault("preprocessing") != second.Identity.GetValueOrDefault("preprocessing"))
        {
            yield return "the networks take photos otherwise (size, cut, colours or normalisation)";
        }

        if (first.Identity.GetValueOrDefault("method") != second.Identity.GetValueOrDefault("method"))
        {
            yield return $"the runs are of other methods ({first.Identity.GetValueOrDefault("method")} and {second.Identity.GetValueOrDefault("method")}): what is said of heat may be the methods' doing";
        }

        if (first.Preprocessing is { } one && second.Preprocessing is { } other && (one.Resize, one.ResizeTo, one.Width * other.Height) != (other.Resize, other.ResizeTo, other.Width * one.Height))
        {
            yield return "the runs see other parts of a photo (--resize, --resize-to or the input's proportions): maps are laid over each other as the networks saw the photos, and what is said of places may be the cut's doing";
        }
    }

    private Dictionary<string, string> Truths()
    {
        FinishedRow[] rows = [.. _runs.First.Rows.Concat(_runs.Second.Rows)];
        Dictionary<string, string> names = rows.Where(row => row.IsExplained).DistinctBy(row => row.Answer.Target)
            .ToDictionary(row => row.Answer.Target!.Value.ToString(CultureInfo.InvariantCulture), row => row.ClassName, StringComparer.Ordinal);
        var truths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (FinishedRow row in rows)
        {
            string? truth = settings.Truth is null ? row.Truth : settings.Truth(new InputFile(row.Photo ?? row.Name, row.Name, row.Key));
            if (truth is { Length: > 0 })
            {
                truths.TryAdd(row.Name, names.GetValueOrDefault(truth, truth));
            }
        }

        HashSet<string> classes = [.. rows.Select(row => row.ClassName)];
        return settings.Truth is null || truths.Values.Any(classes.Contains)
            ? truths
            : throw new UsageException($"--truth names no class that a run gives: a picture is said to show '{truths.Values.FirstOrDefault() ?? "nothing"}', and a class is called '{classes.First(name => name.Length > 0)}'.");
    }

    private IDataView View(FinishedRun run, Dictionary<string, string> truths, ObjectShares shares, CancellationToken cancellation)
    {
        KeptMap size = run.Maps.Read(run.Rows.First(row => row.IsExplained));
        SchemaDefinition schema = SchemaDefinition.Create(typeof(DiffedPicture));
        schema[nameof(DiffedPicture.Saliency)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size.Height, size.Width);
        float[] none = new float[size.Values.Length];
        Array.Fill(none, float.NaN);
        return _context.Data.LoadFromEnumerable(
            run.Rows.Select(row =>
            {
                cancellation.ThrowIfCancellationRequested();
                string truth = truths.GetValueOrDefault(row.Name, "");
                return new DiffedPicture(row, truth, () => row.IsExplained ? run.Maps.Read(row).Values : none, () => shares.Of(run, row, truth));
            }),
            schema);
    }
}
