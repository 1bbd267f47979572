namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>What --boxes names: a COCO JSON file, a Pascal VOC XML file, or a folder of the latter.</summary>
internal static class ObjectBoxFile
{
    /// <param name="path">The file or the folder.</param>
    /// <exception cref="UsageException">It cannot be read, or is neither.</exception>
    public static ObjectBoxes Read(string path)
    {
        var boxes = new ObjectBoxes();
        try
        {
            if (Directory.Exists(path))
            {
                string[] files = [.. Directory.EnumerateFiles(path, "*.xml", new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive }).Order(StringComparer.Ordinal)];
                if (files.Length == 0)
                {
                    throw new UsageException($"--boxes {path}: the folder has no .xml files. Pascal VOC has one a photo; COCO's boxes come in one .json file, which is to be named itself.");
                }

                foreach (string file in files)
                {
                    VocFile.ReadInto(boxes, file);
                }
            }
            else if (Path.GetExtension(path).Equals(".xml", StringComparison.OrdinalIgnoreCase))
            {
                VocFile.ReadInto(boxes, path);
            }
            else
            {
                CocoFile.ReadInto(boxes, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--boxes {path}: it cannot be read: {e.Message}");
        }

        return boxes;
    }
}
