using System.Security.Cryptography;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What tells contents apart: SHA-256, in hexadecimal digits.</summary>
internal static class ContentHash
{
    public static string OfFile(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public static string Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>An option's text; where it names a file as <c>@FILE</c>, what is in the file counts.</summary>
    public static string OfText(string text) => text is ['@', .. string path] ? OfFile(path) : text;
}
