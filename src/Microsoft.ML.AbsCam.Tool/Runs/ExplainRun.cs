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
    private readonly FeatureLayer _layer = settings.Network.FindLayer(settings.Options.Layer);
    private readonly ImagePreprocessing _preprocessing = settings.Options.Preprocessing ?? ImagePreprocessing.For(settings.Network.Shape.Height, settings.Network.Shape.Width);
    private readonly RunSummary _summary = new();

    public RunSummary Run(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var folder = new OutputFolder(settings.Output);
        log.Line(string.Create(CultureInfo.InvariantCulture, $"{settings.Network.Name}: layer {_layer.Name} ({_layer.Operator}, {_layer.Channels} x {_layer.Height} x {_layer.Width}), {_layer.Verdict}"));
        using (var results = new ResultsFile(folder.ResultsPath))
        using (ReportWriter? report = settings.Save.HasFlag(SaveKinds.Report) ? new ReportWriter(folder.ReportPath, Header()) : null)
        {
            foreach (IGrouping<bool, InputFile> kind in settings.Files.GroupBy(file => file.IsTensor))
            {
                RunOneKind([.. kind], kind.Key, folder, results, report, cancellation);
            }

            _summary.Time = watch.Elapsed;
            report?.Complete([.. _summary.Lines().Select(line => ("Run", line))]);
        }

        return _summary;
    }

    private void RunOneKind(IReadOnlyList<InputFile> files, bool areTensors, OutputFolder folder, ResultsFile results, ReportWriter? report, CancellationToken cancellation)
    {
        NetworkShape shape = settings.Network.Shape;
        int length = shape.Channels * shape.Height * shape.Width;
        Row[] rows = [.. files.Select(file => new Row(file, settings.Decoding, length, settings.Targets?.GetValueOrDefault(file.Name) ?? ""))];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Tensor)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.Channels, shape.Height, shape.Width);
        IDataView data = _context.Data.LoadFromEnumerable(rows, schema);
        using AbsCamTransformer transformer = _context.Transforms
            .AbsCam(Columns.Map, areTensors ? nameof(Row.Tensor) : nameof(Row.Image), settings.Network, settings.Options with
            {
                ClassColumn = Columns.Class,
                ProbabilityColumn = Columns.Probability,
                StatusColumn = Columns.Status,
                ForwardsColumn = Columns.Forwards,
                MillisecondsColumn = Columns.Milliseconds,
            })
            .Fit(data);
        IDataView explained = transformer.Transform(data);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema.Where(column => column.Index >= data.Schema.Count));
        var values = new RowValues(cursor);
        foreach (Row row in rows)
        {
            if (cancellation.IsCancellationRequested || !cursor.MoveNext())
            {
                _summary.WasInterrupted |= cancellation.IsCancellationRequested;
                return;
            }

            bool isExplained = Write(row, values, folder, results, report);
            results.Flush();
            row.Release();
            log.Progress(_summary.Images, settings.Files.Count);
            if (!isExplained && settings.StopOnError)
            {
                return;
            }
        }
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
        string? truth = settings.Truth?.GetValueOrDefault(row.File.Name);
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

            results.Add(new ResultRow(row.File.Name, statuses[t].ToString(), targets[t], label, Finite(probabilities[t]), _layer.Name, saved, values.Forwards, values.Milliseconds));
            report?.Add(
                new ReportRow(row.File.Name, statuses[t].ToString(), message, targets[t], label, Finite(probabilities[t]), _layer.Name, truth, hit, values.Forwards, values.Milliseconds)
                {
                    OverlayFile = settings.Save.HasFlag(SaveKinds.Overlay) && overlay is not null ? OutputFolder.OverlayName(row.File, suffix) : null,
                },
                row.PhotoInMemory,
                overlay);
        }

        _summary.Explained += isExplained ? 1 : 0;
        return isExplained;
    }

    private int MapHeight => settings.Options.MapSize == MapSize.Layer ? _layer.Height : settings.Network.Shape.Height;

    private int MapWidth => settings.Options.MapSize == MapSize.Layer ? _layer.Width : settings.Network.Shape.Width;

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
        string method = options.Phase == SaliencyPhase.Initial ? "Abs-CAM, initial map (phase 1)" : $"Abs-CAM, final map (phase 2), {Words(options.Masks)} reading";
        return new ReportHeader(
            settings.Title,
            settings.Network.Name,
            method,
            _layer.Name,
            $"{settings.Files.Count} pictures went through a network that tells {settings.Network.Shape.ClassCount} classes apart. For each, a map shows which parts of the picture spoke for the class.",
            [
                ("Layer size", $"{_layer.Channels} maps of {_layer.Height} x {_layer.Width}"),
                ("Explained", settings.Targets is null ? options.Target.ToString() : "a class for each picture, from a file"),
                ("Seen", $"{_preprocessing.Width} x {_preprocessing.Height} pixels, {Words(_preprocessing.Resize)}"),
                ("Version", $"abscam {typeof(ExplainRun).Assembly.GetName().Version?.ToString(3)}, TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)}"),
            ]) { ColorMap = options.Overlay.ColorMap };
    }
}
