using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>The columns that a set of options asks for, in the order in which they are appended.</summary>
internal static class OutputColumns
{
    private const int Sides = 4;

    /// <param name="mapColumn">The name of the map column.</param>
    /// <param name="options">Which columns, and how many targets a row.</param>
    /// <param name="mapHeight">Rows of a map.</param>
    /// <param name="mapWidth">Columns of a map.</param>
    /// <param name="classCount">How many classes there are; asked for only by the columns that need it.</param>
    /// <param name="layerChannels">How many channels the layer has; asked for only by the column that needs it, null where nothing is read.</param>
    /// <param name="scoreSet">What the scores' columns of one network have in common; see <see cref="ColumnAnnotations.NextScoreSet"/>.</param>
    public static IReadOnlyList<OutputColumn> For(string mapColumn, AbsCamOptions options, int mapHeight, int mapWidth, Func<int> classCount, Func<int>? layerChannels = null, uint scoreSet = 1)
    {
        int? targets = options.TargetDimension;
        bool[] ofClasses = [.. options.Target.Parts.SelectMany(part => Enumerable.Repeat(options.Target is not SeveralTarget || part is not (SimilarityTarget or OwnTarget), part.TargetCount))];
        bool hasProbabilities = options.ShowsProbabilities;
        DataViewType each(PrimitiveDataViewType item) => targets is int count ? new VectorDataViewType(item, count) : item;
        AbsCamColumns names = options.Columns;
        IEnumerable<OutputColumn?> columns =
        [
            Map(mapColumn, Vector(targets, mapHeight, mapWidth)),
            names.Class is null ? null : new OutputColumn(
                nameof(names.Class), names.Class, each(new KeyDataViewType(typeof(uint), classCount())), ColumnAnnotations.OfClass(options.Labels), ColumnNeeds.Scores,
                OutputGetter.PerTarget(targets, (_, explanation, target) => explanation is null || !ofClasses[target % ofClasses.Length] ? 0u : (uint)(explanation.Targets[target] + 1))),
            names.Probability is null ? null : new OutputColumn(
                nameof(names.Probability), names.Probability, each(NumberDataViewType.Single), ColumnAnnotations.OfNumbers(isNormalized: hasProbabilities), ColumnNeeds.Scores,
                OutputGetter.PerTarget(targets, (_, explanation, target) => explanation?.TargetProbabilities[target] ?? float.NaN)),
            names.Scores is null ? null : Scores(names.Scores, classCount(), ColumnAnnotations.OfScores(options.Labels, hasProbabilities, scoreSet)),
            names.Status is null ? null : new OutputColumn(
                nameof(names.Status), names.Status, each(TextDataViewType.Instance), Annotations: null, ColumnNeeds.Maps,
                OutputGetter.PerTarget(targets, (_, explanation, target) => (explanation?.Status[target] ?? MapStatus.UnreadableImage).ToString().AsMemory())),
            names.Against is null ? null : new OutputColumn(
                nameof(names.Against), names.Against, each(new KeyDataViewType(typeof(uint), classCount())), ColumnAnnotations.OfClass(options.Labels), ColumnNeeds.Scores,
                OutputGetter.PerTarget(targets, (_, explanation, target) => explanation?.Against is { } against ? (uint)(against[target] + 1) : 0u)),
            names.Box is null ? null : new OutputColumn(
                nameof(names.Box), names.Box, Vector(targets, Sides), Annotations: null, ColumnNeeds.Scores,
                OutputGetter.FloatsOf(targets ?? 1, Sides, (row, t) => row.Box(t))),
            names.Region is null ? null : new OutputColumn(
                nameof(names.Region), names.Region, Vector(targets, mapHeight, mapWidth), ColumnAnnotations.OfNumbers(isNormalized: true), ColumnNeeds.Scores,
                OutputGetter.FloatsOf(targets ?? 1, mapHeight * mapWidth, (row, t) => row.Region(t, mapHeight, mapWidth))),
            names.Overlay is null ? null : new OutputColumn(
                nameof(names.Overlay), names.Overlay, new ImageDataViewType(), Annotations: null, ColumnNeeds.Photos, OutputGetter.Scalar(row => row.DrawOverlay())),
            names.Forwards is null ? null : new OutputColumn(
                nameof(names.Forwards), names.Forwards, NumberDataViewType.Int32, Annotations: null, ColumnNeeds.Maps,
                OutputGetter.Scalar(current => current.Get() is { Explanation: { } explanation } row ? explanation.Forwards[row.Index] : 0)),
            names.HeatFeatures is null ? null : HeatFeatures(names.HeatFeatures, targets, layerChannels?.Invoke() ?? 1),
            names.Milliseconds is null ? null : new OutputColumn(
                nameof(names.Milliseconds), names.Milliseconds, NumberDataViewType.Single, Annotations: null, ColumnNeeds.Maps, OutputGetter.Scalar(row => row.Get().Milliseconds)),
        ];
        return [.. columns.OfType<OutputColumn>()];
    }

    /// <exception cref="ArgumentException">Two columns have the same name.</exception>
    public static void CheckNames(string mapColumn, AbsCamOptions options)
    {
        IReadOnlyList<OutputColumn> columns = For(mapColumn, options, 1, 1, () => options.Labels?.Count ?? 1);
        if (columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two output columns are named '{twice.Key}' ({string.Join(" and ", twice.Select(column => column.What))}). Give each a name of its own.");
        }
    }

    private static VectorDataViewType Vector(int? targets, params int[] sizes) => new(NumberDataViewType.Single, targets is int count ? (int[])[count, .. sizes] : sizes);

    private static OutputColumn Map(string name, VectorDataViewType type) => new(
        nameof(Map), name, type, ColumnAnnotations.OfNumbers(isNormalized: true), ColumnNeeds.Maps,
        OutputGetter.Floats(type.Size, (explanation, row) => explanation.Maps.AsSpan(row * type.Size, type.Size)));

    private static OutputColumn HeatFeatures(string name, int? targets, int channels) => new(
        nameof(HeatFeatures), name, Vector(targets, channels),
        Annotations: null, ColumnNeeds.HeatFeatures,
        OutputGetter.Floats((targets ?? 1) * channels, (explanation, row) => explanation.HeatFeatures.AsSpan(row * (targets ?? 1) * channels, (targets ?? 1) * channels)));

    private static OutputColumn Scores(string name, int classes, DataViewSchema.Annotations annotations) => new(
        nameof(Scores), name, new VectorDataViewType(NumberDataViewType.Single, classes), annotations, ColumnNeeds.Scores,
        OutputGetter.Floats(classes, (explanation, row) => explanation.ProbabilitiesOf(row)));
}
