using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Evaluation;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>The explained rows: read whole once, and pictures of some of them again where something is tried on them.</summary>
internal sealed class EvidenceSource
{
    private static readonly SchemaErrors FeatureErrors = new("heat features", "vector of Single of one length, as AbsCamColumns.HeatFeatures makes them");
    private static readonly SchemaErrors NameErrors = new("names", "text");

    private readonly IDataView _data;
    private readonly EvaluationPlan _plan;
    private readonly EvaluationColumns _columns;
    private readonly NetworkInput _input;
    private readonly DataViewSchema.Column? _features;
    private readonly DataViewSchema.Column? _truth;
    private readonly DataViewSchema.Column? _names;
    private readonly (int Height, int Width) _map;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public EvidenceSource(IDataView data, EvaluationPlan plan, AbsCamTransformer maker, AuditOptions options)
    {
        (_data, _plan) = (data, plan);
        _columns = EvaluationColumns.Find(data.Schema, plan, plan.Shape.Channels);
        _input = new NetworkInput(plan.Network, _columns.Input, plan.Preprocessing, nameof(AuditOptions));
        _features = Find(data.Schema, options.FeaturesColumn ?? maker.Options.Columns.HeatFeatures, FeatureErrors, type => type is VectorDataViewType { Size: > 0, ItemType: NumberDataViewType item } && item == NumberDataViewType.Single);
        FeatureLayer = _features is null && maker.Options.Method.UsesLayer && maker.Options.Layers is null or [_] ? maker.Layer.Name : null;
        _truth = options.TruthColumn is { } truth ? TargetColumn.Find(data.Schema, truth, plan.Labels, plan.Shape.ClassCount) : null;
        _names = Find(data.Schema, options.NameColumn, NameErrors, type => type is TextDataViewType);
        Frame = new InputFrame((int)_input.Size[0], (int)_input.Size[1], (int)_input.Size[2]);
        _map = maker.Options.Method.UsesLayer ? (maker.Layer.Height, maker.Layer.Width) : (Math.Min(Frame.Height, MostCells), Math.Min(Frame.Width, MostCells));
    }

    // Where no layer says how fine a map is.
    private const int MostCells = 14;

    public InputFrame Frame { get; }

    public ImagePreprocessing Preprocessing => _input.Preprocessing;

    /// <summary>Whether pictures are photos, which can be shown, and not vectors.</summary>
    public bool HasPhotos => _columns.Input.IsImage;

    /// <summary>The layer that features are read of as pictures are scored; null where a column holds them, or there is no one layer.</summary>
    public string? FeatureLayer { get; }

    public bool HasFeatures => _features is not null || FeatureLayer is not null;

    public bool HasTruth => _truth is not null;

    /// <summary>Reads every row once.</summary>
    /// <param name="scorer">What the network is asked with.</param>
    public EvidenceTable ReadAll(ImageScorer scorer)
    {
        List<EvidenceRow> rows = [];
        var unused = new Dictionary<string, int>(StringComparer.Ordinal);
        bool[] rim = Frame.Rim();
        float[] input = new float[Frame.Length];
        using (DataViewRowCursor cursor = _data.GetRowCursor(_columns.Read.Concat(((DataViewSchema.Column?[])[_features, _truth, _names]).OfType<DataViewSchema.Column>()).DistinctBy(column => column.Index)))
        {
            var reader = new EvaluationReader(cursor, _columns, _plan, _input);
            Func<int>? truth = _truth is { } column ? TargetReader.For(cursor, column, _plan.Labels) : null;
            ValueGetter<VBuffer<float>>? features = _features is { } featured ? cursor.GetGetter<VBuffer<float>>(featured) : null;
            ValueGetter<ReadOnlyMemory<char>>? names = _names is { } named ? cursor.GetGetter<ReadOnlyMemory<char>>(named) : null;
            VBuffer<float> buffer = default;
            ReadOnlyMemory<char> name = default;
            while (cursor.MoveNext())
            {
                EvaluationEntry entry = reader.Read(input);
                if (entry.Trouble is { } trouble)
                {
                    unused[trouble] = unused.GetValueOrDefault(trouble) + 1;
                    continue;
                }

                features?.Invoke(ref buffer);
                names?.Invoke(ref name);
                (double inside, double all) = entry.Object is { } thing ? entry.OnPhoto!.Energy(thing) : (double.NaN, 1);
                int place = rows.Count;
                rows.Add(new EvidenceRow(entry.Position, entry.Ask.Class ?? -1, -1, float.NaN, truth?.Invoke() ?? -1, Frame.Shrink(entry.Map!, _map.Height, _map.Width))
                {
                    Features = features is null ? null : [.. buffer.DenseValues()],
                    RimColours = Frame.ColoursOver(input, rim),
                    OnObject = all > 0 ? inside / all : double.NaN,
                    Name = names is null ? null : name.ToString(),
                });
                scorer.Ask(
                    input,
                    FeatureLayer is null ? [] : entry.Map,
                    FeatureLayer is null ? null : under => rows[place] = rows[place] with { Features = under },
                    probabilities => rows[place] = Scored(rows[place], probabilities));
            }
        }

        scorer.Flush();
        return new EvidenceTable(rows, unused, _map.Height, _map.Width, scorer.ClassCount, _plan.Labels);
    }

    /// <summary>Reads the pictures of some rows once more, in the order of the data; no map is made for it.</summary>
    public IEnumerable<KnownPicture> ReadPictures(IReadOnlySet<long> positions)
    {
        DataViewSchema.Column[] columns = [.. ((DataViewSchema.Column?[])[_columns.Input.Column, _columns.Boxes, _columns.Mask]).OfType<DataViewSchema.Column>().DistinctBy(column => column.Index)];
        using DataViewRowCursor cursor = _data.GetRowCursor(columns);
        IInputReader reader = _input.NewReader(cursor, slots: 1);
        ObjectReader? objects = ObjectReader.For(cursor, _columns.Boxes, _columns.Mask);
        int left = positions.Count;
        while (left > 0 && cursor.MoveNext())
        {
            if (!positions.Contains(cursor.Position))
            {
                continue;
            }

            left--;
            float[] input = new float[Frame.Length];
            if (reader.TryRead(0, input, out MLImage? photo))
            {
                yield return new KnownPicture(cursor.Position, input, objects is null ? null : ObjectPixels.Of(objects, photo, Frame, _input.Preprocessing));
            }
        }
    }

    private static EvidenceRow Scored(EvidenceRow row, ReadOnlySpan<float> probabilities)
    {
        int predicted = probabilities.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(probabilities));
        int asked = row.Class < 0 ? predicted : row.Class;
        return row with { Class = asked, Predicted = predicted, Probability = probabilities[asked] };
    }

    private static DataViewSchema.Column? Find(DataViewSchema schema, string? name, SchemaErrors errors, Predicate<DataViewType> isFit)
    {
        if (name is null)
        {
            return null;
        }

        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw errors.Missing(name, nameof(schema));
        return isFit(column.Type) ? column : throw errors.Mismatch(name, column.Type.ToString(), nameof(schema));
    }
}
