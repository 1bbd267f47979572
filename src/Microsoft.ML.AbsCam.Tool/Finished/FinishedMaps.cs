using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tool.Finished;

/// <summary>The maps of a finished run: of its NumPy files, or else of its Parquet files, of which one is in memory at a time. Every file is verified as it is read.</summary>
internal sealed class FinishedMaps
{
    private const long MostValues = 100_000_000;

    private readonly string _folder;
    private readonly IReadOnlyList<FinishedRow> _rows;
    private readonly IReadOnlyList<PartLine> _parts;
    private readonly Dictionary<string, (int Part, int Row)> _inParts = new(StringComparer.Ordinal);
    private readonly Lock _reading = new();
    private (int Part, IReadOnlyList<KeptMap> Maps) _open = (-1, []);

    /// <param name="folder">The run's folder.</param>
    /// <param name="rows">Its pictures, in their order.</param>
    /// <param name="parts">Its Parquet files, in their order.</param>
    public FinishedMaps(string folder, IReadOnlyList<FinishedRow> rows, IReadOnlyList<PartLine> parts)
    {
        (_folder, _rows, _parts) = (folder, rows, parts);
        (int part, int place) = (-1, 0);
        foreach (FinishedRow row in rows)
        {
            while (part + 1 < parts.Count && parts[part + 1].Place <= row.Place)
            {
                (part, place) = (part + 1, 0);
            }

            if (part >= 0)
            {
                // A picture has a row for each of its classes, the first of them first.
                _inParts.Add(row.Key, (part, place));
                place += row.Targets;
            }
        }
    }

    /// <summary>A picture whose map was not kept; null where all were.</summary>
    public FinishedRow? Missing => _rows.FirstOrDefault(row => row.IsExplained && row.Answer.Map is null && !_inParts.ContainsKey(row.Key));

    /// <summary>The map of a picture that has one.</summary>
    /// <exception cref="UsageException">Its file is not as the run wrote it, or the run kept none.</exception>
    public KeptMap Read(FinishedRow row)
    {
        if (row.Answer.Map is not { } file)
        {
            return OfPart(row);
        }

        Verify(file);
        (float[] values, int[] shape) = NpyFile.Read(Path.Combine(_folder, file.Name), MostValues);
        return new KeptMap(row.Name, values, shape[0], shape[1]);
    }

    private KeptMap OfPart(FinishedRow row)
    {
        if (!_inParts.TryGetValue(row.Key, out (int Part, int Row) at))
        {
            throw new UsageException($"The run in '{_folder}' kept no map of '{row.Name}'. Explain with --save npy or --save parquet.");
        }

        KeptFile file = _parts[at.Part].File;
        lock (_reading)
        {
            if (_open.Part != at.Part)
            {
                Verify(file);
                _open = (at.Part, ParquetPartReader.ReadMaps(Path.Combine(_folder, file.Name)));
            }

            return at.Row < _open.Maps.Count && _open.Maps[at.Row] is { Values.Length: > 0 } map && map.Path == row.Name
                ? map
                : throw new UsageException($"'{Path.Combine(_folder, file.Name)}' has no map of '{row.Name}' where the run's journal says it is. The command that made the run mends it with --resume.");
        }
    }

    private void Verify(KeptFile file)
    {
        if (!file.IsWhole(_folder))
        {
            throw new UsageException($"'{Path.Combine(_folder, file.Name)}' is not as the run wrote it, or is gone. The command that made the run makes it anew with --resume.");
        }
    }
}
