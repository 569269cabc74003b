"""One synchronous worker, nothing else: the same for the baselines and for the application."""

workers = 1
worker_class = "sync"
control_socket_disable = True
loglevel = "error"
