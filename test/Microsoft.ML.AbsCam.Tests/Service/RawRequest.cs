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

    /// <summary>The answer: what the server says before it closes the connection, or to the end of its chunks.</summary>
    public async Task<string> ReadAnswerAsync()
    {
        var answer = new StringBuilder();
        byte[] some = new byte[4096];
        while (!answer.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) && await _connection.GetStream().ReadAsync(some) is > 0 and int count)
        {
            answer.Append(Encoding.UTF8.GetString(some, 0, count));
        }

        return answer.ToString();
    }

    public void Dispose() => _connection.Dispose();
}
