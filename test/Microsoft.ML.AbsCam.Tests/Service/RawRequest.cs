using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>A request as bytes on a connection: what a client library would not send, or not so slowly.</summary>
internal sealed class RawRequest : IDisposable
{
    private readonly TcpClient _connection = new();

    private RawRequest()
    {
    }

    /// <param name="server">Where to.</param>
    /// <param name="head">The lines after the first, without an empty one.</param>
    /// <param name="body">What of the body is sent at once.</param>
    /// <param name="target">The address.</param>
    public static async Task<RawRequest> PostAsync(Uri server, string head, string body, string target = "/explain")
    {
        var request = new RawRequest();
        await request._connection.ConnectAsync(server.Host, server.Port);
        await request.SendAsync($"POST {target} HTTP/1.1\r\nHost: {server.Authority}\r\n{head}\r\n\r\n{body}");
        return request;
    }

    public async Task SendAsync(string text) => await _connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>All that the server says before it closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(_connection.GetStream(), Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    public void Dispose() => _connection.Dispose();
}
