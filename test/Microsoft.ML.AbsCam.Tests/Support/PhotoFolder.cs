using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A folder of photos for the tiny network, gone on disposal.</summary>
internal sealed class PhotoFolder : IDisposable
{
    private readonly int _count;

    /// <param name="count">How many.</param>
    /// <param name="corrupt">The number of a file that is no image.</param>
    public PhotoFolder(int count, int corrupt = -1)
    {
        _count = count;
        Path = Directory.CreateTempSubdirectory("abscam-photos").FullName;
        for (int i = 0; i < count; i++)
        {
            string file = System.IO.Path.Combine(Path, Name(i));
            if (i == corrupt)
            {
                File.WriteAllText(file, "no image");
                continue;
            }

            using MLImage photo = Photos.Photo(i);
            photo.Save(file);
        }
    }

    public string Path { get; }

    public IDataView View(MLContext context) => context.Data.LoadFromEnumerable(Enumerable.Range(0, _count).Select(i => new FileRow { File = Name(i) }).ToArray());

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Name(int number) => $"photo{number}.png";

    internal sealed class FileRow
    {
        public string File { get; set; } = "";
    }
}
