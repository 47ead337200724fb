using Croma.Cli.Terminal;

Console.SetError(new LastingWriter(Console.Error));
return Croma.Cli.CommandLine.Run(args);
