using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>A finished run with its photos as rows of an audit, and the pipeline that made its maps.</summary>
internal sealed class AuditedRun
{
    private readonly MLContext _context;
    private readonly AuditSettings _settings;
    private readonly FinishedRun _run;
    private readonly NetworkShape _shape;
    private readonly Dictionary<string, InputFile> _files;
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    public AuditedRun(MLContext context, AuditSettings settings, FinishedRun run)
    {
        (_context, _settings, _run, _shape) = (context, settings, run, settings.Network.Shape);
        _files = settings.Files.ToDictionary(file => file.OutputName, StringComparer.Ordinal);
        Options = settings.Options with
        {
            Target = SaliencyTarget.Column(nameof(AuditedPhoto.Explained)),
            Columns = new() { Probability = ExplainedColumns.Probability, Status = ExplainedColumns.Status },
        };
    }

    /// <summary>How its maps are made, each of the class that the run says.</summary>
    public AbsCamOptions Options { get; }

    public IReadOnlyList<FinishedRow> Rows => _run.Rows;

    /// <summary>The photo of a row.</summary>
    public InputFile FileOf(FinishedRow row) => _files[row.Key];

    /// <summary>The map of a row; NaN where there is none.</summary>
    public float[] MapOf(FinishedRow row) => row.IsExplained && !_others.Contains(row.Key) ? SizedMap(row) : NoMap();

    /// <summary>Says that a row's photo is not the one that was explained, so that it is not audited.</summary>
    public void SetApart(FinishedRow row) => _others.Add(row.Key);

    /// <summary>The run as data: photos, maps, classes.</summary>
    public IDataView View(CancellationToken cancellation) => View(Rows, cancellation);

    /// <summary>The same of some rows.</summary>
    public IDataView View(IReadOnlyList<FinishedRow> rows, CancellationToken cancellation)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(AuditedPhoto));
        schema[nameof(AuditedPhoto.Saliency)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _shape.Height, _shape.Width);
        return _context.Data.LoadFromEnumerable(Photos(rows, cancellation), schema);
    }

    // Whoever reads them is done with one when the next is asked for.
    private IEnumerable<AuditedPhoto> Photos(IReadOnlyList<FinishedRow> rows, CancellationToken cancellation)
    {
        foreach (FinishedRow row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            InputFile file = FileOf(row);
            string truth = _settings.Truth?.Invoke(file) ?? "";
            var compared = new ComparedPhoto(row.Place, file, new PhotoRow(file, _settings.Decoding, _settings.Network, _shape, ""), _settings.Objects.Masks?.Of(file), _settings.Decoding, _settings.Pixels);

            // Boxes of what the picture shows; of all classes where nobody says what that is.
            int shown = _settings.Options.Labels?.ToList().IndexOf(truth) ?? -1;
            shown = shown < 0 && int.TryParse(truth, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : shown;
            ObjectTruth objects = shown < 0 ? _settings.Objects with { AnyClass = true } : _settings.Objects;
            compared.FindBoxes(frame => objects.BoxesOf(file, frame, shown, _settings.Options.Labels));
            string status = _others.Contains(row.Key) ? "the photo is not the one that the run explained: the network gives its class another probability" : row.Answer.Status;
            var photo = new AuditedPhoto(compared, row.Answer.Target ?? -1, status, truth, () => MapOf(row));
            try
            {
                yield return photo;
            }
            finally
            {
                photo.Release();
            }
        }
    }

    private float[] NoMap()
    {
        float[] map = new float[_shape.Height * _shape.Width];
        Array.Fill(map, float.NaN);
        return map;
    }

    private float[] SizedMap(FinishedRow row) => _run.Maps.Read(row) is { } map && (map.Height, map.Width) == (_shape.Height, _shape.Width)
        ? map.Values
        : throw new UsageException($"The map of '{row.Name}' in '{_run.Folder}' has another size than the network's input, {_shape.Height} x {_shape.Width}: it is of another model.");
}
