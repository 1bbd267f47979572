using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Pipeline.BlackBoxes;

/// <summary>Scores images by any pipeline of ML.NET's: they go in as one column, alone, and one score column comes out.</summary>
internal sealed class TransformerScorer
{
    private readonly MLContext _context;
    private readonly ITransformer _transformer;
    private readonly string _scoreColumn;
    private readonly int _height;
    private readonly int _width;
    private readonly Func<float[][], List<MLImage>, IDataView> _view;

    /// <exception cref="ArgumentOutOfRangeException">A column is not there, or of another type.</exception>
    public TransformerScorer(MLContext context, ITransformer transformer, DataViewSchema inputSchema, string imageColumn, string scoreColumn, int height, int width)
    {
        (_context, _transformer, _scoreColumn, _height, _width) = (context, transformer, scoreColumn, height, width);
        _view = Views(inputSchema, imageColumn);
        DataViewSchema made = transformer.GetOutputSchema(_view([], []).Schema);
        Scores = made.GetColumnOrNull(scoreColumn) is { } column && IsScores(column.Type)
            ? column
            : throw new ArgumentOutOfRangeException(nameof(scoreColumn), scoreColumn, $"The transformer gives no column '{scoreColumn}' of scores, a number or a vector of numbers of known size. Its columns: {string.Join(", ", made.Where(other => !other.IsHidden).Select(other => $"'{other.Name}' ({other.Type})"))}.");
    }

    /// <summary>The column of scores.</summary>
    public DataViewSchema.Column Scores { get; }

    public int ClassCount => Scores.Type is VectorDataViewType vector ? vector.Size : 1;

    /// <summary>The classes' names, which ML.NET keeps with the scores; null where it keeps none.</summary>
    public string[]? Labels
    {
        get
        {
            const string SlotNames = "SlotNames";
            if (Scores.Annotations.Schema.GetColumnOrNull(SlotNames) is not { Type: VectorDataViewType { ItemType: TextDataViewType } })
            {
                return null;
            }

            VBuffer<ReadOnlyMemory<char>> names = default;
            Scores.GetSlotNames(ref names);
            string[] texts = [.. names.DenseValues().Select(name => name.ToString())];
            return texts.Length == ClassCount && texts.All(text => text.Length > 0) ? texts : null;
        }
    }

    /// <summary>The scores of images [3,H,W] of levels from 0 to 255.</summary>
    public float[][] Of(float[][] images)
    {
        List<MLImage> pictures = [];
        try
        {
            IDataView scored = _transformer.Transform(_view(images, pictures));
            return Scores.Type is VectorDataViewType ? [.. scored.GetColumn<float[]>(_scoreColumn)] : [.. scored.GetColumn<float>(_scoreColumn).Select(score => new[] { score })];
        }
        finally
        {
            // The collector does not see how much native memory they hold, and a method may ask for thousands.
            pictures.ForEach(picture => picture.Dispose());
        }
    }

    private static bool IsScores(DataViewType type) => type is VectorDataViewType { IsKnownSize: true, ItemType: var item } ? item == NumberDataViewType.Single : type == NumberDataViewType.Single;

    /// <returns>A function that makes rows of images, and puts what has to be disposed of into the list.</returns>
    private Func<float[][], List<MLImage>, IDataView> Views(DataViewSchema inputSchema, string name)
    {
        DataViewType? type = inputSchema.GetColumnOrNull(name)?.Type;
        return type switch
        {
            ImageDataViewType => (images, pictures) => Pictures(images, pictures, name),
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Byte => (images, _) => View(images.Select(image => new EncodedRow { Image = Encoded(image) }), name, null),
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Single => (images, _) => View(images.Select(image => new VectorRow { Image = image }), name, new VectorDataViewType(NumberDataViewType.Single, 3 * _height * _width)),
            _ => throw new ArgumentOutOfRangeException(nameof(inputSchema), name, $"The column '{name}' that images are to go into is {type?.ToString() ?? "not there"}; expected images, the bytes of encoded images, or vectors of float. The schema is that of what the transformer was fitted to."),
        };
    }

    private IDataView Pictures(float[][] images, List<MLImage> pictures, string name)
    {
        pictures.AddRange(images.Select(Picture));
        return View(pictures.Select(picture => new PictureRow { Image = picture }), name, ImageType());
    }

    private IDataView View<T>(IEnumerable<T> rows, string name, DataViewType? type)
        where T : class
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(T));
        schema[0].ColumnName = name;
        if (type is not null)
        {
            schema[0].ColumnType = type;
        }

        return _context.Data.LoadFromEnumerable(rows, schema);
    }

    // ML.NET makes columns of such images once it has been told of their size.
    private ImageDataViewType ImageType()
    {
        var type = new ImageDataViewType(_height, _width);
        DataViewTypeManager.Register(type, typeof(MLImage), new ImageTypeAttribute(_height, _width));
        return type;
    }

    private MLImage Picture(float[] planes) => MLImage.CreateFromPixels(_width, _height, MLPixelFormat.Rgba32, Pixels(planes));

    private byte[] Encoded(float[] planes)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(_width, _height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        System.Runtime.InteropServices.Marshal.Copy(Pixels(planes), 0, bitmap.GetPixels(), 4 * _width * _height);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static byte[] Pixels(float[] planes)
    {
        int pixels = planes.Length / 3;
        byte[] rgba = new byte[4 * pixels];
        for (int i = 0; i < pixels; i++)
        {
            for (int plane = 0; plane < 3; plane++)
            {
                rgba[(4 * i) + plane] = (byte)Math.Clamp(MathF.Round(planes[(plane * pixels) + i]), 0, byte.MaxValue);
            }

            rgba[(4 * i) + 3] = byte.MaxValue;
        }

        return rgba;
    }

    private sealed class PictureRow
    {
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class EncodedRow
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class VectorRow
    {
        public float[] Image { get; set; } = [];
    }
}
