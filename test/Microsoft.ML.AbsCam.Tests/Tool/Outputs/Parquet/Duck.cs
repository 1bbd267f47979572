using DuckDB.NET.Data;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;

/// <summary>A folder of Parquet files, asked by DuckDB, which shares no code with the writer.</summary>
internal sealed class Duck : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public Duck() => _connection.Open();

    /// <summary>What a query calls the files.</summary>
    public string Files => $"read_parquet('{_folder.Path}/*.parquet')";

    public string Add(IReadOnlyList<ParquetRow> rows, ParquetMaps maps)
    {
        string path = Path.Combine(_folder.Path, $"{Directory.GetFiles(_folder.Path).Length:0000}.parquet");
        File.WriteAllBytes(path, ParquetRows.Write(rows, maps));
        return path;
    }

    /// <returns>Rows of values, null where SQL has NULL.</returns>
    public List<object?[]> Ask(string query)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = query;
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }
}
