using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>Connections to the service that each send a photo of their own at a few KB a second; who is cut off comes again.</summary>
internal sealed class SlowSenders : IAsyncDisposable
{
    private const int BytesOfPhoto = 1 << 20;
    private const int BytesASecond = 5000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] Piece = new byte[(int)(BytesASecond * Pause.TotalSeconds)];

    private readonly CancellationTokenSource _end = new();
    private readonly Task _all;
    private int _begun;
    private int _cutOff;

    public SlowSenders(Uri server, int count) => _all = Task.WhenAll(Enumerable.Range(0, count).Select(_ => SendOnAndOnAsync(server)));

    /// <summary>How many photos they began to send.</summary>
    public int Begun => _begun;

    /// <summary>How many of these the service did not wait for.</summary>
    public int CutOff => _cutOff;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _all;
        _end.Dispose();
    }

    private async Task SendOnAndOnAsync(Uri server)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await SendAsync(server);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Interlocked.Increment(ref _cutOff);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SendAsync(Uri server)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port, _end.Token);
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /explain HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: image/png\r\nContent-Length: {BytesOfPhoto}\r\n\r\n"), _end.Token);
        Interlocked.Increment(ref _begun);
        byte[] answer = new byte[4096];
        Task<int> answered = stream.ReadAsync(answer, _end.Token).AsTask();
        for (int sent = 0; sent < BytesOfPhoto; sent += Piece.Length)
        {
            await stream.WriteAsync(Piece, _end.Token);
            if (await Task.WhenAny(answered, Task.Delay(Pause, _end.Token)) == answered)
            {
                await answered;
                throw new IOException("The service answered before the photo was there.");
            }

            _end.Token.ThrowIfCancellationRequested();
        }
    }
}
