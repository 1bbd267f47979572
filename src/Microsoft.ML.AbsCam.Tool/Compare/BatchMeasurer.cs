using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Makes and measures the maps of a few photos, one method after the other.</summary>
internal sealed class BatchMeasurer : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly ComparisonSettings _settings;
    private readonly AbsCamTransformer _classes;
    private readonly Dictionary<MapSource, AbsCamTransformer> _makers = [];
    private readonly PlaceMark _mark;

    // A file with an explanation baked in knows one method and one question.
    private readonly bool _isSettled;

    public BatchMeasurer(ComparisonSettings settings)
    {
        _settings = settings;
        _mark = new PlaceMark(settings.Options.PreprocessingFor(settings.Network), settings.Network.Shape.Height, settings.Network.Shape.Width);
        _isSettled = !ReferenceEquals(settings.Options.FittedTo(settings.Network), settings.Options);
        _classes = Maker(_isSettled ? settings.Options : settings.Options with { Method = SaliencyMethod.CenterGaussian });
        foreach (MethodSource source in settings.Sources.OfType<MethodSource>())
        {
            _makers.Add(source, Maker(settings.Options with { Method = source.Method, Target = Asked }));
        }
    }

    // The class is found once; all other questions are the same for every method.
    private SaliencyTarget Asked => _settings.Target.Kind == TargetKind.Class && !_isSettled ? SaliencyTarget.Column(nameof(ComparedPhoto.Class)) : _settings.Options.Target;

    /// <summary>Finds the class that all maps of each photo explain, and its boxes. The maps' column is not read, so none is made.</summary>
    public void Classify(IReadOnlyList<ComparedPhoto> photos)
    {
        IDataView data = View(photos, null);
        using DataViewRowCursor cursor = Transformed(_classes, data, [ExplainedColumns.Class, ExplainedColumns.Probability, ExplainedColumns.Status, ExplainedColumns.Box, ExplainedColumns.Region]);
        var values = new RowValues(cursor);
        for (int i = 0; i < photos.Count && cursor.MoveNext(); i++)
        {
            MapStatus status = values.Statuses[0];
            photos[i].Class = values.Targets[0] ?? -1;
            photos[i].Probability = values.Probabilities[0];
            photos[i].Asked = values.Places[0];
            photos[i].Trouble = StatusText.Of(status, photos[i].Target, photos[i].ReadError, photos[i].TargetError)?.TrimEnd('.');
            ComparedPhoto photo = photos[i];
            photo.FindBoxes(frame => _settings.Objects.Boxes is null ? photo.Asked?.Box ?? [] : _settings.Objects.BoxesOf(photo.File, frame, photo.Class, _settings.Options.Labels));
            photo.FindMask(image => photo.Asked is { Region: not null } place ? _mark.Fill(place, image.Width, image.Height) : null);
        }
    }

    /// <summary>Makes, or reads, the maps of one method, and measures them.</summary>
    /// <returns>One row a photo, in their order.</returns>
    public IReadOnlyList<SaliencyRowMetrics> Measure(MapSource source, IReadOnlyList<ComparedPhoto> photos)
    {
        if (source is MethodSource)
        {
            MakeMaps(_makers[source], photos);
        }
        else
        {
            ReadMaps((FileSource)source, photos);
        }

        var measured = new SaliencyRowMetrics[photos.Count];
        foreach (IGrouping<(int, int), (ComparedPhoto Photo, int Place)> group in photos.Select((photo, place) => (photo, place)).GroupBy(pair => (pair.photo.MapHeight, pair.photo.MapWidth)))
        {
            IReadOnlyList<SaliencyRowMetrics> rows = MeasureOneSize(source, [.. group.Select(pair => pair.Photo)]);
            foreach ((SaliencyRowMetrics row, (ComparedPhoto _, int place)) in rows.Zip(group))
            {
                measured[place] = row;
            }
        }

        return measured;
    }

    public void Dispose()
    {
        _classes.Dispose();
        foreach (AbsCamTransformer maker in _makers.Values)
        {
            maker.Dispose();
        }
    }

    private AbsCamTransformer Maker(AbsCamOptions options)
    {
        // Baselines and random masks have no layers.
        options = ExplainedColumns.In(options with { Layers = options.Method.UsesLayer ? options.Layers : null }, _settings.Target.Kind, _settings.Network.Task);
        AbsCamEstimator estimator = _context.Transforms.AbsCam(ExplainedColumns.Map, nameof(ComparedPhoto.Image), _settings.Network, options);
        return estimator.Fit(View([], null));
    }

    private static DataViewRowCursor Transformed(AbsCamTransformer maker, IDataView data, string[] columns)
    {
        IDataView transformed = maker.Transform(data);
        return transformed.GetRowCursor(transformed.Schema.Where(column => column.Index >= data.Schema.Count && columns.Contains(column.Name)));
    }

    private void MakeMaps(AbsCamTransformer maker, IReadOnlyList<ComparedPhoto> photos)
    {
        IDataView data = View(photos, null);
        using DataViewRowCursor cursor = Transformed(maker, data, [ExplainedColumns.Map, ExplainedColumns.Status, ExplainedColumns.Forwards, ExplainedColumns.Milliseconds]);
        var values = new RowValues(cursor);
        for (int i = 0; i < photos.Count && cursor.MoveNext(); i++)
        {
            photos[i].Map = values.Map;
            photos[i].Status = values.Statuses[0].ToString();
            photos[i].Forwards = values.Forwards;
            photos[i].Milliseconds = values.Milliseconds;
            (photos[i].MapHeight, photos[i].MapWidth) = (_settings.Network.Shape.Height, _settings.Network.Shape.Width);
        }
    }

    private void ReadMaps(FileSource source, IReadOnlyList<ComparedPhoto> photos)
    {
        foreach (ComparedPhoto photo in photos)
        {
            (photo.Forwards, photo.Milliseconds) = (0, 0);
            try
            {
                (photo.Map, photo.MapHeight, photo.MapWidth) = source.Read(photo.File);
                if (_settings.MapExtent == MapExtent.Photo)
                {
                    (photo.Map, photo.MapHeight, photo.MapWidth) = photo.Frame.Upright(photo.Map, photo.MapHeight, photo.MapWidth);
                }

                photo.Status = nameof(MapStatus.Ok);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                (photo.Map, photo.MapHeight, photo.MapWidth, photo.Status) = ([float.NaN], 1, 1, e.Message.TrimEnd('.'));
            }
        }
    }

    private SaliencyRowMetrics[] MeasureOneSize(MapSource source, IReadOnlyList<ComparedPhoto> photos)
    {
        var options = new SaliencyEvaluationOptions
        {
            ImageColumn = nameof(ComparedPhoto.Image),
            MapColumn = nameof(ComparedPhoto.Map),
            TargetColumn = nameof(ComparedPhoto.Class),
            StatusColumn = nameof(ComparedPhoto.Status),
            BoxesColumn = _settings.Objects.HasBoxes ? nameof(ComparedPhoto.Boxes) : null,
            MaskColumn = _settings.Objects.HasMasks ? nameof(ComparedPhoto.Mask) : null,
            Measures = _settings.Measures,
            Preprocessing = _settings.Options.Preprocessing,
            ScoreRule = _settings.Options.ScoreRule,
            BatchSize = _settings.Options.BatchSize,
            MapExtent = source is FileSource ? _settings.MapExtent : MapExtent.Input,
        };
        IDataView data = View(photos, (photos[0].MapHeight, photos[0].MapWidth));

        // Maps of other programs explain what is asked here, too.
        return [.. _context.Saliency.EvaluateRows(data, _makers.GetValueOrDefault(source, _classes), options)];
    }

    private IDataView View(IReadOnlyList<ComparedPhoto> photos, (int Height, int Width)? mapSize)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(ComparedPhoto));
        schema[nameof(ComparedPhoto.Map)].ColumnType = mapSize is (int height, int width)
            ? new VectorDataViewType(NumberDataViewType.Single, height, width)
            : new VectorDataViewType(NumberDataViewType.Single);
        return _context.Data.LoadFromEnumerable(photos, schema);
    }
}
