using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Writes a row's files and says what the journal is to know of it. Rows do not share anything, so many threads may be at it.</summary>
internal sealed class RowOutput(ExplainSettings settings, ExplainedLayers layers, OutputFolder folder)
{
    private readonly ImagePreprocessing _preprocessing = settings.Options.PreprocessingFor(settings.Network);
    private readonly PlaceMark _mark = new(settings.Options.PreprocessingFor(settings.Network), layers.MapHeight, layers.MapWidth);
    private readonly PlateMaker _plates = new(settings, layers);

    /// <param name="explained">What came of the row.</param>
    /// <param name="batch">The stamp of its batch.</param>
    public JournalRow Write(ExplainedRow explained, string batch)
    {
        PhotoRow row = explained.Row;
        MLImage? photo = row.PhotoInMemory;
        bool isDrawn = photo is not null && settings.Save.HasFlag(SaveKinds.Overlay) && explained.Statuses.Contains(MapStatus.Ok);
        using MLImage? whole = isDrawn ? WholePhoto(row.File, photo!) : null;
        JournalTarget[] targets = [.. Enumerable.Range(0, explained.HasImage ? explained.Statuses.Length : 1).Select(t => Write(explained, t, PlaceIn(explained, whole, t), whole ?? photo))];
        return new JournalRow(
            row.File.OutputName,
            row.File.Place,
            row.File.Name,
            batch,
            explained.Forwards,
            float.IsFinite(explained.Milliseconds) ? explained.Milliseconds : 0,
            targets)
        {
            Plate = settings.Save.HasFlag(SaveKinds.Report) ? _plates.Of(explained, targets) : null,
        };
    }

    // A photo at a fraction of its size has fewer pixels than it is drawn with.
    private static ShownPlace? PlaceIn(ExplainedRow explained, MLImage? whole, int t) => whole is not null && explained.Row.PhotoInMemory is { } seen
        ? explained.Places[t]?.Scaled((float)whole.Width / seen.Width, (float)whole.Height / seen.Height)
        : explained.Places[t];

    private MLImage Marked(MLImage picture, ShownPlace? place)
    {
        if (place is null)
        {
            return picture;
        }

        using (picture)
        {
            return _mark.Draw(picture, place);
        }
    }

    private JournalTarget Write(ExplainedRow explained, int t, ShownPlace? place, MLImage? photo)
    {
        (PhotoRow row, MapStatus status, int? target) = (explained.Row, explained.Statuses[t], explained.Targets[t]);
        string? label = target is int index ? settings.Options.Labels?[index] : null;
        string? truth = settings.Truth?.Invoke(row.File);
        TargetOption asked = settings.Target.PartOf(t);

        // Several questions may be about one class.
        int? suffix = settings.Target.Parts is not null ? t + 1 : explained.Statuses.Length > 1 ? target : null;
        bool isExplained = status == MapStatus.Ok;
        using MLImage? overlay = isExplained && photo is not null && settings.Save.HasFlag(SaveKinds.Overlay)
            ? Marked(SaliencyOverlay.Draw(photo, explained.MapOf(t), layers.MapHeight, layers.MapWidth, _preprocessing, settings.Options.Overlay), place)
            : null;
        bool? hit = isExplained && t == 0 ? Point(row.File, explained.MapOf(t)) : null;
        float? probability = float.IsFinite(explained.Probabilities[t]) ? explained.Probabilities[t] : null;
        string? message = status is MapStatus.Flat or MapStatus.Rounding && asked.IsAgainstTruth && IsRight(truth, label, target)
            ? "the network is right here: it predicts the true class, and a class cannot be told from itself."
            : StatusText.Of(status, row.Target, row.Error, row.TargetError);
        return new JournalTarget(
            status.ToString(),
            message,
            target,
            label,
            probability,
            t == 0 && truth is not null && target is not null ? IsRight(truth, label, target) : null,
            hit,
            isExplained && settings.Save.HasFlag(SaveKinds.Npy) ? folder.SaveMap(row.File, suffix, explained.MapOf(t), layers.MapHeight, layers.MapWidth) : null,
            overlay is null ? null : folder.SaveOverlay(row.File, suffix, overlay),
            isExplained && (settings.Save & (SaveKinds.Npy | SaveKinds.Parquet)) == SaveKinds.Parquet ? folder.SaveWaitingMap(row.File, suffix, explained.MapOf(t), layers.MapHeight, layers.MapWidth) : null)
        {
            Question = settings.Target.Parts is null ? null : explained.HasImage ? asked.Written : "",
        };
    }

    private static bool IsRight(string? truth, string? label, int? target) => truth is not null && (truth == label || truth == target?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Large photos are decoded at a fraction of their size for the network, and overlays have the photo's own.</summary>
    private MLImage? WholePhoto(InputFile file, MLImage photo)
    {
        if (settings.Decoding.MinimumSize is null)
        {
            return null;
        }

        using SKCodec? codec = SKCodec.Create(file.Path);
        bool isWhole = codec is null || (long)codec.Info.Width * codec.Info.Height == (long)photo.Width * photo.Height;
        return isWhole ? null : ImageFile.Load(file.Path, settings.Decoding with { MinimumSize = null });
    }

    /// <summary>Where the map is highest, as a share of its width and height, asked against the object.</summary>
    private bool? Point(InputFile file, ReadOnlySpan<float> map)
    {
        int highest = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(map);
        return settings.IsOnObject?.Invoke(file, ((highest % layers.MapWidth) + 0.5) / layers.MapWidth, ((highest / layers.MapWidth) + 0.5) / layers.MapHeight);
    }
}
