// <query>
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

// </query>
namespace Samples.QueryParquet;

internal static class QueryParquet
{
    public static void Example()
    {
        // <query>
        IDataView explained = ParquetQuery.Load(new MLContext(), "out/parquet");
        Console.WriteLine($"{explained.GetColumn<double>("area").Average():P1} of a picture matters");

        // </query>
    }
}

// <query>
internal static class ParquetQuery
{
    public static IDataView Load(MLContext mlContext, string folder)
    {
        DatabaseLoader loader = mlContext.Data.CreateDatabaseLoader(
            new DatabaseLoader.Column("path", System.Data.DbType.String, 0),
            new DatabaseLoader.Column("probability", System.Data.DbType.Single, 1),
            new DatabaseLoader.Column("area", System.Data.DbType.Double, 2));
        string query = $"SELECT path, probability, list_avg(map) AS area FROM read_parquet('{folder}/*.parquet') WHERE status = 'Ok' ORDER BY path";
        return loader.Load(new DatabaseSource(DuckDBClientFactory.Instance, "DataSource=:memory:", query));
    }
}

// </query>
