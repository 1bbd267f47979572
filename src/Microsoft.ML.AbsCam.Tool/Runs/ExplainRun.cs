using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Sends files through the pipeline and writes what comes out, one row at a time.</summary>
internal sealed class ExplainRun(ExplainSettings settings, IRunLog log)
{
    private readonly MLContext _context = new(seed: 1);
    private readonly FeatureLayer[] _layers = LayersOf(settings.Options, settings.Network);
    private readonly ImagePreprocessing _preprocessing = settings.Options.Preprocessing ?? ImagePreprocessing.For(settings.Network.Shape.Height, settings.Network.Shape.Width);
    private readonly RunSummary _summary = new();
    private readonly AbsCamEstimator _photos = NewEstimator(settings, nameof(Row.Image));
    private readonly AbsCamEstimator _tensors = NewEstimator(settings, nameof(Row.Tensor));

    public RunSummary Summary => _summary;

    public void Run(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var folder = new OutputFolder(settings.Output);
        foreach (FeatureLayer layer in _layers)
        {
            log.Line(string.Create(CultureInfo.InvariantCulture, $"{settings.Network.Name}: layer {layer.Name} ({layer.Operator}, {layer.Channels} x {layer.Height} x {layer.Width}). {layer.Verdict}"));
        }
        using (var results = new ResultsFile(folder.ResultsPath))
        using (ReportWriter? report = settings.Save.HasFlag(SaveKinds.Report) ? new ReportWriter(folder.ReportPath, Header()) : null)
        {
            bool goesOn = true;
            foreach (IGrouping<bool, InputFile> kind in settings.Files.GroupBy(file => file.IsTensor).TakeWhile(_ => goesOn))
            {
                goesOn = RunOneKind([.. kind], kind.Key ? _tensors : _photos, folder, results, report, cancellation);
            }

            _summary.Time = watch.Elapsed;
            report?.Complete([.. _summary.Lines().Select(line => ("Run", line))]);
        }
    }

    private static FeatureLayer[] LayersOf(AbsCamOptions options, ImageNetwork network)
        => !options.Method.UsesLayer ? []
        : options.Layers is null ? [network.FindLayer(options.Layer)]
        : [.. options.Layers.Select(network.FindLayer)];

    // Made before any output is, so that what the library refuses leaves nothing behind.
    private static AbsCamEstimator NewEstimator(ExplainSettings settings, string input) =>
        new MLContext(seed: 1).Transforms.AbsCam(Columns.Map, input, settings.Network, settings.Options with
        {
            ClassColumn = Columns.Class,
            ProbabilityColumn = Columns.Probability,
            StatusColumn = Columns.Status,
            ForwardsColumn = Columns.Forwards,
            MillisecondsColumn = Columns.Milliseconds,
        });

    /// <returns>Whether the run goes on.</returns>
    private bool RunOneKind(IReadOnlyList<InputFile> files, AbsCamEstimator estimator, OutputFolder folder, ResultsFile results, ReportWriter? report, CancellationToken cancellation)
    {
        NetworkShape shape = settings.Network.Shape;
        Row[] rows = [.. files.Select(file => new Row(file, settings.Decoding, shape, settings.Targets?.GetValueOrDefault(file.Name) ?? ""))];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Tensor)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.Channels, shape.Height, shape.Width);
        IDataView data = _context.Data.LoadFromEnumerable(rows, schema);
        using AbsCamTransformer transformer = estimator.Fit(data);
        IDataView explained = transformer.Transform(data);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema.Where(column => column.Index >= data.Schema.Count));
        var values = new RowValues(cursor);
        for (int i = 0; i < rows.Length && cursor.MoveNext(); i++)
        {
            // A batch is computed as its first row is read; what is computed is written.
            if (cancellation.IsCancellationRequested && i % settings.Options.BatchSize == 0)
            {
                _summary.WasInterrupted = true;
                return false;
            }

            Row row = rows[i];

            bool isExplained = Write(row, values, folder, results, report);
            results.Flush();
            row.Release();
            log.Progress(_summary.Images, settings.Files.Count);
            if (!isExplained && settings.StopOnError)
            {
                return false;
            }
        }

        return true;
    }

    private bool Write(Row row, RowValues values, OutputFolder folder, ResultsFile results, ReportWriter? report)
    {
        MapStatus[] statuses = values.Statuses;
        int?[] targets = values.Targets;
        float[] probabilities = values.Probabilities;
        float[] maps = values.Map;
        int pixels = maps.Length / statuses.Length;
        _summary.Images++;
        _summary.Forwards += values.Forwards;
        bool isExplained = true;
        string? truth = settings.Truth?.Invoke(row.File);
        for (int t = 0; t < statuses.Length; t++)
        {
            string? label = targets[t] is int index ? settings.Options.Labels?[index] : null;
            string? message = Message(row, statuses[t]);
            string? saved = null;
            bool? hit = null;
            using MLImage? overlay = statuses[t] == MapStatus.Ok && row.PhotoInMemory is { } photo && (settings.Save & (SaveKinds.Overlay | SaveKinds.Report)) != 0
                ? SaliencyOverlay.Draw(photo, maps.AsSpan(t * pixels, pixels), MapHeight, MapWidth, _preprocessing, settings.Options.Overlay)
                : null;
            int? suffix = statuses.Length > 1 ? targets[t] : null;
            if (statuses[t] == MapStatus.Ok)
            {
                _summary.Maps++;
                ReadOnlySpan<float> map = maps.AsSpan(t * pixels, pixels);
                if (settings.Save.HasFlag(SaveKinds.Npy))
                {
                    saved = folder.SaveMap(row.File, suffix, map, MapHeight, MapWidth);
                }

                if (settings.Save.HasFlag(SaveKinds.Overlay) && overlay is not null)
                {
                    folder.SaveOverlay(row.File, suffix, overlay);
                }

                hit = t == 0 ? Point(row.File, map) : null;
            }
            else
            {
                isExplained = false;
                log.Trouble($"{row.File.Name}: {message}");
            }

            if (t == 0)
            {
                Judge(truth, targets[t], label, hit);
            }

            results.Add(new ResultRow(row.File.Name, statuses[t].ToString(), targets[t], label, Finite(probabilities[t]), LayerNames, saved, values.Forwards, values.Milliseconds));
            report?.Add(
                new ReportRow(row.File.Name, statuses[t].ToString(), message, targets[t], label, Finite(probabilities[t]), LayerNames, ClassName(truth), hit, values.Forwards, values.Milliseconds)
                {
                    OverlayFile = settings.Save.HasFlag(SaveKinds.Overlay) && overlay is not null ? OutputFolder.OverlayName(row.File, suffix) : null,
                },
                row.PhotoInMemory,
                overlay);
        }

        _summary.Explained += isExplained ? 1 : 0;
        return isExplained;
    }

    private string LayerNames => _layers.Length == 0 ? "none" : string.Join(" + ", _layers.Select(layer => layer.Name));

    private int MapHeight => settings.Options.MapSize == MapSize.Layer ? _layers[0].Height : settings.Network.Shape.Height;

    private int MapWidth => settings.Options.MapSize == MapSize.Layer ? _layers[0].Width : settings.Network.Shape.Width;

    /// <summary>Truth may come as an index; people read names.</summary>
    private string? ClassName(string? truth)
        => settings.Options.Labels is { } labels && !labels.Contains(truth) && int.TryParse(truth, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < labels.Count
            ? labels[index]
            : truth;

    private void Judge(string? truth, int? target, string? label, bool? hit)
    {
        if (truth is not null && target is int index)
        {
            _summary.WithTruth++;
            _summary.Right += truth == label || truth == index.ToString(CultureInfo.InvariantCulture) ? 1 : 0;
        }

        if (hit is bool isOnObject)
        {
            _summary.WithObject++;
            _summary.OnObject += isOnObject ? 1 : 0;
        }
    }

    /// <summary>Where the map is highest, as a share of its width and height, asked against the object.</summary>
    private bool? Point(InputFile file, ReadOnlySpan<float> map)
    {
        int highest = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(map);
        return settings.IsOnObject?.Invoke(file, ((highest % MapWidth) + 0.5) / MapWidth, ((highest / MapWidth) + 0.5) / MapHeight);
    }

    private static string? Message(Row row, MapStatus status) => status switch
    {
        MapStatus.Ok => null,
        MapStatus.Flat => "the map has one value everywhere, so it points nowhere.",
        MapStatus.NotFinite => "the network's scores or the map are not finite numbers.",
        MapStatus.TargetOutOfRange => row.Target.Length > 0 ? $"the target '{row.Target}' is none of the network's classes." : "no target is given for this image, or it is none of the network's classes.",
        _ => row.Error ?? "there is no image.",
    };

    private static string Words(MaskReading reading) => reading switch
    {
        MaskReading.Weighted => "weighted",
        MaskReading.PerChannel => "per-channel",
        _ => "whole",
    };

    private static string Words(ResizeRule rule) => rule switch
    {
        ResizeRule.CenterCrop => "centre crop",
        ResizeRule.Squash => "squashed",
        _ => "padded",
    };

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;

    private ReportHeader Header()
    {
        AbsCamOptions options = settings.Options;
        string method = options.Method != SaliencyMethod.AbsCam ? options.Method.Name
            : options.Phase == SaliencyPhase.Initial ? "Abs-CAM, initial map (phase 1)"
            : $"Abs-CAM, final map (phase 2), {Words(options.Masks)} reading";
        return new ReportHeader(
            settings.Title,
            settings.Network.Name,
            method,
            LayerNames,
            $"{settings.Files.Count} pictures went through a network that tells {settings.Network.Shape.ClassCount} classes apart. For each, a map shows which parts of the picture spoke for the class.",
            [
                .. _layers.Length == 0 ? Array.Empty<(string, string)>() : [("Layer size", string.Join(", ", _layers.Select(layer => $"{layer.Channels} maps of {layer.Height} x {layer.Width}")))],
                ("Explained", settings.Targets is null ? options.Target.ToString() : "a class for each picture, from a file"),
                ("Seen", $"{_preprocessing.Width} x {_preprocessing.Height} pixels, {Words(_preprocessing.Resize)}"),
                ("Version", $"abscam {typeof(ExplainRun).Assembly.GetName().Version?.ToString(3)}, TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)}"),
            ])
        { ColorMap = options.Overlay.ColorMap };
    }
}
