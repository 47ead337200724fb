using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Croma.Server.Api;

/// <summary>What the description at /openapi/v1.json says beyond what routes and types say.</summary>
internal static class OpenApiDescription
{
    private const string Multipart = "multipart/form-data", Token = "token";

    public static void Complete(OpenApiOptions options, bool needsToken)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Croma", Version = CromaVersion.Text, Description = "Teach a trained model new concepts by example, and use them at once. See docs/server.md." };
            // clients say where it is: the address that the server knows may not be the one by which it is reached
            document.Servers = [];
            if (!needsToken) return Task.CompletedTask;
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" } };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type != typeof(FeatureNumbers)) return Task.CompletedTask;
            var number = new OpenApiSchema { Type = JsonSchemaType.Number };
            schema.Description = "Numbers, or where samples are sequences, a list of lists of numbers.";
            schema.OneOf = [new OpenApiSchema { Type = JsonSchemaType.Array, Items = number }, new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Array, Items = number } }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var part in (context.Description.RelativePath ?? "").Split('/').Where(p => p.StartsWith('{')).Select(p => p.Trim('{', '}')))
                (operation.Parameters ??= []).Add(new OpenApiParameter { Name = part, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            if (operation.OperationId == "listClassifiers")
                (operation.Parameters ??= []).Add(new OpenApiParameter { Name = "model", In = ParameterLocation.Query, Description = "Only those of this model.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            if (operation.RequestBody?.Content?.ContainsKey(Multipart) == true) operation.RequestBody.Content[Multipart] = new OpenApiMediaType { Schema = Form(operation.OperationId!) };
            return Task.CompletedTask;
        });
    }

    private static OpenApiSchema Form(string operation)
    {
        OpenApiSchema file = new() { Type = JsonSchemaType.String, Format = "binary" }, text = new() { Type = JsonSchemaType.String }, rate = new() { Type = JsonSchemaType.Number };
        var isLabelled = operation is "createClassifier" or "addSamples";
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = isLabelled ? "Every sample is a part named sample.CLASS: a file, or a plain field with a text or a list of numbers." : "Every sample is a part named input: a file, or a plain field with a text or a list of numbers.",
            Properties = operation switch
            {
                "createClassifier" => new Dictionary<string, IOpenApiSchema> { ["model"] = text, ["name"] = text, ["head"] = text, ["falseAlarmRate"] = rate },
                "addSamples" => new Dictionary<string, IOpenApiSchema>(),
                "retrieve" => new Dictionary<string, IOpenApiSchema> { ["input"] = file, ["top"] = new OpenApiSchema { Type = JsonSchemaType.Integer } },
                _ => new Dictionary<string, IOpenApiSchema> { ["input"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = file }, ["falseAlarmRate"] = rate },
            },
            AdditionalProperties = isLabelled ? file : null,
            AdditionalPropertiesAllowed = isLabelled,
        };
    }
}
