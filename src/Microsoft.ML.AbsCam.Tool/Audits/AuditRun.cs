using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>Explains photos in one pass, audits what comes out, and writes the findings.</summary>
internal sealed class AuditRun(AuditSettings settings, IRunLog log)
{
    private const string Features = "HeatFeatures";

    private readonly MLContext _context = new(seed: 1);

    /// <exception cref="OperationCanceledException">It was interrupted; nothing is written then.</exception>
    public AuditReport Run(CancellationToken cancellation)
    {
        using var folder = new FindingsFolder(settings.Output, settings.Overwrite);
        foreach (string note in settings.Notes)
        {
            log.Line(note);
        }

        log.Begin("photo", 0, settings.Files.Count, settings.Options.BatchSize);
        IDataView photos = _context.Data.LoadFromEnumerable(Photos(cancellation));
        AbsCamOptions options = ExplainedColumns.In(settings.Options, settings.Target.Kind, settings.Network.Task);
        options = options with { Columns = options.Columns with { HeatFeatures = options.Method.UsesLayer ? Features : null } };
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(ExplainedColumns.Map, nameof(AuditedPhoto.Image), settings.Network, options).Fit(photos);
        AuditReport report = _context.Saliency.Audit(transformer.Transform(photos), transformer, settings.Audit with
        {
            NameColumn = nameof(AuditedPhoto.Name),
            TruthColumn = settings.Truth is null ? null : nameof(AuditedPhoto.Truth),
            BoxesColumn = settings.Objects.Boxes is null ? null : nameof(AuditedPhoto.Boxes),
            MaskColumn = settings.Objects.Masks is null ? null : nameof(AuditedPhoto.Mask),
        });
        folder.Write(report, settings.Facts);
        return report;
    }

    // Whoever reads them is done with one when the next is asked for.
    private IEnumerable<AuditedPhoto> Photos(CancellationToken cancellation)
    {
        NetworkShape shape = settings.Network.Shape;
        foreach ((int place, InputFile file) in settings.Files.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            string truth = settings.Truth?.Invoke(file) ?? "";
            var row = new PhotoRow(file, settings.Decoding, settings.Network, shape, settings.Target.ByImage?.GetValueOrDefault(file.Name) ?? "", settings.Target.Masks?.Of(file));
            var compared = new ComparedPhoto(place, file, row, settings.Objects.Masks?.Of(file), settings.Decoding, settings.Pixels);

            // Boxes of what the picture shows; of all classes where nobody says what that is.
            int shown = settings.Options.Labels?.ToList().IndexOf(truth) ?? -1;
            shown = shown < 0 && int.TryParse(truth, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : shown;
            ObjectTruth objects = shown < 0 ? settings.Objects with { AnyClass = true } : settings.Objects;
            compared.FindBoxes(frame => objects.BoxesOf(file, frame, shown, settings.Options.Labels));
            var photo = new AuditedPhoto(compared, truth);
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
}
