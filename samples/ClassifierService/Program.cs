// A saved classifier as a service for other programs: windows come in on standard input, a line of JSON each
// ({"id", "window"}), answers go out in the same order. Sixteen workers share one classifier.
//   dotnet run --project samples/ClassifierService -c Release -- runs/gestures/gestures.croma < runs/gestures/later.jsonl
using System.Text.Json;
using Croma;
using Samples;

const int Workers = 16;
const double FalseAlarmRate = 0.1;
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

if (args is not [var path])
{
    Console.Error.WriteLine("usage: ClassifierService CLASSIFIER, a file that sample Gestures or 'croma adapt' wrote");
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
try
{
    await using var service = new ClassifierService(path, Workers);
    var answers = new Queue<Task<string>>();
    while (await Console.In.ReadLineAsync(stop.Token) is { } line)
    {
        answers.Enqueue(AnswerAsync(service, line));
        while (answers.Count > 4 * Workers) Console.WriteLine(await answers.Dequeue());
    }
    while (answers.Count > 0) Console.WriteLine(await answers.Dequeue());
    return 0;
}
catch (OperationCanceledException)
{
    return 130;
}
catch (CromaException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

async Task<string> AnswerAsync(ClassifierService service, string line)
{
    try
    {
        var request = JsonSerializer.Deserialize<Request>(line, json)!;
        var prediction = await service.ClassifyAsync(request.Window, stop.Token);
        var name = prediction.IsNoneOfThese(FalseAlarmRate) ? null : service.Classes[prediction.Class];
        return JsonSerializer.Serialize(new { request.Id, Class = name, prediction.Probability }, json);
    }
    catch (Exception e) when (e is JsonException or CromaException)
    {
        return JsonSerializer.Serialize(new { Error = e.Message }, json);
    }
}

internal sealed record Request(string Id, float[] Window);
